using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Ingest;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Workers;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CatchUp.Tracking.Tests.Support;

/// <summary>Tracking as a host makes it, on a database of the test's own, with a real bus in memory.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("catchup-tracking-");
    private readonly string _database = $"test_{Guid.NewGuid():N}";
    private bool _postgres;
    private ServiceProvider _services = null!;

    public Guid Incarnation { get; } = Guid.NewGuid();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));

    public TrackingOptions Options => Get<TrackingOptions>();

    public ArtifactDirectory Artifacts => Get<ArtifactDirectory>();

    public RunStore Runs => Get<RunStore>();

    public ITestHarness Bus => Get<ITestHarness>();

    public string SqliteFile => Path.Combine(_folder.FullName, "catchup.db");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestWorld> CreateAsync(DatabaseKind kind, bool migrate = true)
    {
        var world = new TestWorld();
        if (migrate)
        {
            await MigratedDatabases.CopyAsync(kind, world.SqliteFile, world._database);
        }

        await world.BuildAsync(kind);
        if (migrate)
        {
            await world.Bus.Start();
        }

        return world;
    }

    private async Task BuildAsync(DatabaseKind kind)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new ArtifactDirectory(Path.Combine(_folder.FullName, "artifacts")));
        if (kind == DatabaseKind.Sqlite)
        {
            services.AddSqliteDatabase(SqliteFile);
        }
        else
        {
            _postgres = true;
            services.AddPostgreSqlDatabase($"{await PostgreSqlServer.ConnectionAsync()};Database={_database};Maximum Pool Size=20");
        }


        // Windows and deadlines are looked after when a test says so.
        services.AddTracking(options => options.ScheduleEvery = TimeSpan.FromDays(40));

        // The harness starts what is hosted: here tests look for messages themselves, and let searches go on.
        services.Remove(services.Single(service => service.ImplementationType == typeof(AlertService)));
        services.Remove(services.Single(service => service.ImplementationType == typeof(SearchService)));
        services.AddMassTransitTestHarness(bus => bus.AddTrackingConsumers());
        _services = services.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull
        => _services.GetRequiredService<T>();

    public Task<CatchUpContext> ContextAsync() => Get<IDbContextFactory<CatchUpContext>>().CreateDbContextAsync(Cancellation);

    public async Task<T> ReadAsync<T>(Func<CatchUpContext, Task<T>> read) => await Get<TrackingDatabase>().ReadAsync(read, Cancellation);

    public Task<int> ExecuteAsync(string sql) => Get<TrackingDatabase>().WriteAsync(context => Sql.ExecuteAsync(context, sql, Cancellation), Cancellation);

    /// <summary>A sweep with queued runs.</summary>
    public async Task<IReadOnlyList<long>> QueueAsync(int count = 1, string name = "sweep", int priority = 0, int? maxParallel = null, string dataset = "synthetic", Action<SweepEntity>? change = null)
    {
        var now = Time.GetUtcNow().UtcTicks;
        var context = await ContextAsync();
        await using (context)
        {
            var sweep = new SweepEntity { RequestId = Guid.NewGuid(), Name = name, Project = "tests", Document = "name: x", MaxParallel = maxParallel, Priority = priority, Trials = count, Replicates = 1, CreatedAt = now };
            change?.Invoke(sweep);
            context.Sweeps.Add(sweep);
            await context.SaveChangesAsync(Cancellation);
            var specification = new RunSpecification { Data = new DataSpecification { Dataset = dataset }, Training = new TrainingSpecification { Iterations = 1000 } };
            var runs = Enumerable.Range(0, count).Select(i => new RunEntity
            {
                SweepId = sweep.Id,
                Trial = i,
                Name = $"{name}-{i}",
                Project = "tests",
                Specification = JsonSerializer.Serialize(specification with { Seed = i }, ContractJson.Options),
                Steps = 1000,
                Seed = i,
                Priority = priority,
                Dataset = dataset,
                State = RunState.Queued,
                CreatedAt = now + i,
                UpdatedAt = now,
            }).ToList();
            context.Runs.AddRange(runs);
            await context.SaveChangesAsync(Cancellation);
            return runs.ConvertAll(run => run.Id);
        }
    }

    /// <summary>A sweep with these runs, written as a submitted one's are.</summary>
    public async Task<IReadOnlyList<long>> PlanAsync(string name, params RunSpecification[] specifications)
    {
        var sweep = await Get<TrackingDatabase>().WriteAsync(
            async context =>
            {
                var now = Time.GetUtcNow().UtcTicks;
                var entity = new SweepEntity { RequestId = Guid.NewGuid(), Name = name, Project = "tests", Document = "name: x", Trials = specifications.Length, Replicates = 1, CreatedAt = now };
                context.Sweeps.Add(entity);
                await context.SaveChangesAsync(Cancellation);
                await SweepRunWriter.WriteAsync(context, entity, specifications.Index().Select(pair => new PlannedRun(pair.Index, 0, $"{name}/{pair.Index}", new Dictionary<string, string>(), pair.Item)), now, Cancellation);
                return entity.Id;
            },
            Cancellation);
        return await ReadAsync(context => context.Runs.Where(run => run.SweepId == sweep).OrderBy(run => run.Id).Select(run => run.Id).ToListAsync(Cancellation));
    }

    public RequestRun Request(int slot = 0, params string[] datasets) => new()
    {
        Worker = "test-worker", Incarnation = Incarnation, Slot = slot, RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = datasets.Length == 0 ? ["synthetic"] : datasets },
    };

    public async Task<RunAssigned?> ClaimAsync(RequestRun? request = null) => (await Get<RunQueue>().ClaimAsync(request ?? Request(), Cancellation)).Assigned;

    /// <summary>One queued run, given to slot 0, and a journal for it.</summary>
    public async Task<(long Run, Journal Journal)> RunningAsync()
    {
        var run = (await QueueAsync())[0];
        var assigned = await ClaimAsync();
        Assert.Equal(run, assigned!.RunId);
        return (run, new Journal(this, run, assigned.Attempt));
    }

    public Task<JournalIngest.Answer> ShipAsync(long run, int attempt, params IReadOnlyList<JournalEntry> entries)
        => Get<JournalIngest>().StoreAsync(new ShipJournal { RunId = run, Attempt = attempt, Entries = entries }, Cancellation);

    public Task<HeartbeatAnswer> BeatAsync(long? run, int? attempt, Guid? incarnation = null, params SystemSample[] system) => Get<Heartbeats>().ReceiveAsync(
        new Heartbeat
        {
            Worker = "test-worker",
            Incarnation = incarnation ?? Incarnation,
            Version = "1",
            Slots = [new SlotStatus { Slot = 0, Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] }, RunId = run, Attempt = attempt, Phase = run is null ? null : "training", System = system }],
        },
        Cancellation);

    /// <summary>Lets every lease that is given or extended from now on be over at once; database time cannot be turned.</summary>
    public void LetLeasesEnd() => Options.Lease = TimeSpan.FromSeconds(-5);

    public async Task<RunSummary> SummaryAsync(long run) => (await Runs.FindAsync(run, Cancellation))!.Summary;

    /// <summary>Puts bytes into the artifact store.</summary>
    public async Task<(string Sha256, long Bytes)> StoreArtifactAsync(byte[] content)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, content, Cancellation);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        await Artifacts.StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        return (sha256, content.Length);
    }

    public async ValueTask DisposeAsync()
    {
        string? pool;
        var context = await Get<IDbContextFactory<CatchUpContext>>().CreateDbContextAsync(CancellationToken.None);
        await using (context)
        {
            pool = context.Database.GetConnectionString();
        }

        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (_postgres)
        {
            NpgsqlConnection.ClearPool(new NpgsqlConnection(pool));
        }

        _folder.Delete(recursive: true);
    }
}
