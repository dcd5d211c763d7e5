using System.Diagnostics;
using Bunit;
using Bunit.TestDoubles;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Dashboard.Shell;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Database;
using MassTransit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CatchUp.Dashboard.Tests.Support;

/// <summary>Pages over a real database file and a real bus in memory; only the browser is bUnit's.</summary>
internal sealed class PageWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("catchup-pages-");
    private readonly BunitContext _browser = new();

    // bUnit waits one second by itself, which a machine with other work to do needs for one drawing. It is only ever waited out by a test that fails.
    static PageWorld() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);

    public static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>Nobody has signed in, until a test says who has.</summary>
    public BunitAuthorizationContext Access { get; private set; } = null!;

    public IServiceProvider Services => _browser.Services;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public string Address => Services.GetRequiredService<NavigationManager>().ToBaseRelativePath(Services.GetRequiredService<NavigationManager>().Uri);

    public static async Task<PageWorld> CreateAsync()
    {
        var world = new PageWorld();
        var services = world._browser.Services;
        world._browser.JSInterop.Mode = JSRuntimeMode.Loose;
        world.Access = world._browser.AddAuthorization();
        services.AddSingleton(new ArtifactDirectory(Path.Combine(world._folder.FullName, "artifacts")));
        services.AddSqliteDatabase(Path.Combine(world._folder.FullName, "catchup.db"));
        services.AddBus(new BusOptions { Json = ContractJson.Options }, bus =>
        {
            bus.AddTrackingConsumers();
            bus.AddPagesConsumers();
        });
        services.AddTracking();
        // Not AddPages: it brings a real circuit's browser with it, and the browser here is bUnit's.
        services.AddPageServices();
        services.Configure<MudBlazor.PopoverOptions>(options => options.CheckForPopoverProvider = false);
        await world.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(Cancellation);
        foreach (var service in world.Services.GetServices<IHostedService>())
        {
            await service.StartAsync(Cancellation);
        }

        return world;
    }

    public IRenderedComponent<TPage> Open<TPage>(string address, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return _browser.Render(parameters ?? (_ => { }));
    }

    /// <summary>Submits a sweep file as a user would, and answers the sweep's id.</summary>
    public async Task<long> SubmitAsync(string document)
    {
        var response = await Bus.CreateRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(new SubmitSweep { RequestId = Guid.NewGuid(), Document = document }, Cancellation);
        return response.Is(out Response<SweepAccepted>? accepted)
            ? accepted.Message.SweepId
            : throw new UnreachableException(string.Join(" ", ((SweepRefused)response.Message).Problems.Select(problem => problem.Message)));
    }

    /// <summary>Takes the next run as a worker would.</summary>
    public async Task<RunAssigned> ClaimAsync()
    {
        var request = new RequestRun { Worker = "test-worker", Incarnation = Incarnation, RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Device = "cpu", DeviceName = "A test", Datasets = ["fashion-mnist-10k"] } };
        var response = await Bus.CreateRequestClient<RequestRun>().GetResponse<RunAssigned, NothingToDo>(request, Cancellation);
        return response.Is(out Response<RunAssigned>? assigned) ? assigned.Message : throw new UnreachableException(((NothingToDo)response.Message).Reason);
    }

    public async Task BeatAsync(RunAssigned? assigned) => await Bus.CreateRequestClient<Heartbeat>().GetResponse<HeartbeatAnswer>(
        new Heartbeat
        {
            Worker = "test-worker",
            Incarnation = Incarnation,
            Version = "1.2.3",
            Slots = [new SlotStatus { Capabilities = new WorkerCapabilities { Device = "cpu", DeviceName = "A test", Datasets = ["fashion-mnist-10k"] }, RunId = assigned?.RunId, Attempt = assigned?.Attempt, Phase = assigned is null ? null : "training" }],
        },
        Cancellation);

    /// <summary>Stores a journal that begins with <see cref="AttemptStarted"/>.</summary>
    public async Task ShipAsync(RunAssigned assigned, params IReadOnlyList<JournalEntry> entries)
    {
        List<JournalEntry> journal = [new AttemptStarted { Parameters = 1000 }, .. entries];
        journal = [.. journal.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UnixEpoch })];
        var response = await Bus.CreateRequestClient<ShipJournal>().GetResponse<JournalStored, AttemptSuperseded>(new ShipJournal { RunId = assigned.RunId, Attempt = assigned.Attempt, Entries = journal }, Cancellation);
        Assert.True(response.Is(out Response<JournalStored>? _));
    }

    /// <summary>A FID at the default objective's place.</summary>
    public static EvaluationMade Fid(double value, int step = 300, int nfe = 4) => new()
    {
        Step = step,
        SnapshotSha256 = new string('a', 64),
        Solver = "euler",
        Nfe = nfe,
        Metric = "fid",
        Value = value,
        Low = value - 0.3,
        High = value + 0.3,
        Samples = 500,
        Extractor = "fashion-mnist-cnn-2",
        ExtractorSha256 = new string('b', 64),
        Reference = "fashion-mnist train",
        ReferenceSha256 = new string('c', 64),
        Quantisation = "8 bit",
        NoiseBank = 1,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _browser.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
