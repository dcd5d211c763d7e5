using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Hosting.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Hosting.Tests.Bus;

public sealed class MessagesOnTheWireTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly string Hash = new('a', 64);

    [Fact]
    public async Task ShipJournal_with_every_kind_of_entry_arrives_as_it_was_sent()
    {
        var sent = new ShipJournal
        {
            RunId = 7,
            Attempt = 2,
            Entries =
            [
                new AttemptStarted { Number = 1, At = Noon, FromStep = 100, Parameters = 12_345, Environment = new Dictionary<string, string> { ["threads"] = "2", ["libtorch"] = "2.10" } },
                new PointsLogged { Number = 2, At = Noon, Step = 101, ImagesSeen = 6464, Values = new Dictionary<string, double> { ["loss"] = double.NaN, ["up"] = double.PositiveInfinity, ["down"] = double.NegativeInfinity, ["tiny"] = 5e-324, ["third"] = 1.0 / 3 } },
                new SamplesSaved { Number = 3, At = Noon, Step = 101, Solver = "euler", Nfe = 8, NoiseBank = 1, Rows = 4, Columns = 4, CellWidth = 28, CellHeight = 28, File = "samples/1.png", Sha256 = Hash, Bytes = 99,
                    Neighbours = new SampleNeighbours { File = "samples/1-n.png", Sha256 = Hash, Bytes = 9, Extractor = "cnn", Dataset = "synthetic", Images = 320, Indices = [1, 2], Distances = [0.5, double.NaN], Typical = 2 },
                    Trajectory = new SampleTrajectory { File = "samples/1-t.png", Sha256 = Hash, Bytes = 9, Cells = 2, Times = [1, 0.5, 0] } },
                new EvaluationMade { Number = 4, At = Noon, Step = 101, SnapshotSha256 = Hash, Solver = "euler", Nfe = 8, Metric = "fid", Value = double.NaN, Low = double.NegativeInfinity, Samples = 500, Extractor = "x", ExtractorSha256 = Hash, Reference = "r", ReferenceSha256 = Hash, Quantisation = "8 bit" },
                new CheckpointSaved { Number = 5, At = Noon, Type = CheckpointKind.Snapshot, Step = 101, File = "checkpoints/s", Sha256 = Hash, Bytes = 1L << 40 },
                new CheckpointRemoved { Number = 6, At = Noon, Type = CheckpointKind.Checkpoint, Step = 50, Sha256 = Hash },
                new LogWritten { Number = 7, At = Noon, Level = LogLevelName.Warning, Text = "<script>alert(\"é\")</script>" },
                new AttemptEnded { Number = 8, At = Noon, Outcome = AttemptOutcome.Failed, Step = 101, Cause = "Why", Advice = "What now", ExitCode = 139 },
            ],
        };

        var received = await SendAsync(sent);

        Assert.Equal(JsonSerializer.Serialize(sent, ContractJson.Options), JsonSerializer.Serialize(received, ContractJson.Options));
        Assert.Equal(sent.Entries.Select(entry => entry.GetType()), received.Entries.Select(entry => entry.GetType()));
        var values = Assert.IsType<PointsLogged>(received.Entries[1]).Values;
        Assert.True(double.IsNaN(values["loss"]));
        Assert.Equal(double.PositiveInfinity, values["up"]);
        Assert.Equal(double.NegativeInfinity, values["down"]);
        Assert.Equal(1.0 / 3, values["third"]);
        Assert.Equal(Noon, received.Entries[1].At);
    }

    [Fact]
    public async Task ShipJournal_without_entries_asks_for_the_position()
    {
        var received = await SendAsync(new ShipJournal { RunId = 7, Attempt = 2 });

        Assert.Empty(received.Entries);
    }

    [Fact]
    public async Task RunAssigned_keeps_the_whole_specification()
    {
        var sent = new RunAssigned
        {
            RunId = 1,
            Attempt = 3,
            Name = "rk12",
            Specification = new RunSpecification { Seed = 42, Optimizer = new OptimizerSpecification { LearningRate = 1e-7 } },
            Checkpoint = new CheckpointReference(100, Hash, 5),
            Evaluations = [new StoredResult("euler", 4, 1, "fid"), new StoredResult("euler", 4, 1, "fid", 200)],
            LeaseSeconds = 20,
        };

        var received = await SendAsync(sent);

        Assert.Equal(JsonSerializer.Serialize(sent, ContractJson.Options), JsonSerializer.Serialize(received, ContractJson.Options));
    }

    [Fact]
    public async Task Heartbeat_keeps_measurements_that_are_not_finite()
    {
        var sent = new Heartbeat
        {
            Worker = "w",
            Incarnation = Guid.NewGuid(),
            Slots = [new SlotStatus { RunId = 1, Attempt = 1, Phase = "training", System = [new SystemSample(Noon, new Dictionary<string, double> { ["system/cpu_percent"] = double.NaN })] }],
        };

        var received = await SendAsync(sent);

        Assert.Equal(JsonSerializer.Serialize(sent, ContractJson.Options), JsonSerializer.Serialize(received, ContractJson.Options));
    }

    [Fact]
    public async Task Words_for_enumerations_and_refusals_survive()
    {
        var order = await SendAsync(new AttemptOrder { RunId = 1, Order = OrderKind.Abandon });
        var refused = await SendAsync(new SweepRefused { Problems = [new SweepProblem("space", "It is empty.", 4, 2, "objective")] });

        Assert.Equal(OrderKind.Abandon, order.Order);
        Assert.Equal(new SweepProblem("space", "It is empty.", 4, 2, "objective"), Assert.Single(refused.Problems));
    }

    [Fact]
    public async Task A_command_goes_to_a_shared_queue_and_news_to_a_queue_of_this_process()
    {
        await using var bus = await RunningBus.StartAsync(
            registration =>
            {
                registration.AddConsumer<Inbox<RequestRun>.KeepConsumer>().Endpoint(endpoint => endpoint.Name = "commands");
                registration.AddNewsConsumer<Inbox<RunChanged>.KeepConsumer>();
            },
            services => services.AddSingleton<Inbox<RunChanged>>().AddSingleton<Inbox<RequestRun>>());

        await bus.Bus.Publish(new RunChanged { RunId = 5, StateChanged = true }, TestContext.Current.CancellationToken);
        await bus.Bus.Publish(new RequestRun { Worker = "w" }, TestContext.Current.CancellationToken);

        var (news, newsQueue) = await bus.Services.GetRequiredService<Inbox<RunChanged>>().NextWithQueueAsync();
        var (_, commandQueue) = await bus.Services.GetRequiredService<Inbox<RequestRun>>().NextWithQueueAsync();
        Assert.Equal(5, news.RunId);
        Assert.Matches("/keep-[0-9a-f]{32}$", newsQueue);
        Assert.EndsWith("/commands", commandQueue, StringComparison.Ordinal);
    }

    private static async Task<T> SendAsync<T>(T message)
        where T : class
    {
        await using var bus = await RunningBus.StartAsync(
            registration => registration.AddConsumer<Inbox<T>.KeepConsumer>(),
            services => services.AddSingleton<Inbox<T>>());
        await bus.Bus.Publish(message, TestContext.Current.CancellationToken);
        return await bus.Services.GetRequiredService<Inbox<T>>().NextAsync();
    }
}
