using System.Buffers.Binary;
using System.IO.Compression;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Trainer.Tests.Pictures;
using CatchUp.Trainer.Tests.Runs;

namespace CatchUp.Trainer.Tests.Evaluations;

/// <summary>What is kept beside a sample grid: nearest training images, and the ways from noise to image.</summary>
public sealed class SamplePictureTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task The_ways_of_the_first_cells_are_kept_with_the_largest_nfe_and_end_in_the_grids_own_images()
    {
        var journal = await RunAsync("out", new SampleSpecification { Images = 5, Trajectories = 2 }, evaluation => evaluation with { Solvers = [SolverKind.Euler, SolverKind.Heun, SolverKind.Rk45], Nfe = [1, 3, 4], Heads = [1, 2], Tolerance = 0.1 });

        var grids = journal.OfType<SamplesSaved>().ToList();
        Assert.Equal(12, grids.Count);
        Assert.Equal([("euler", 4, 1), ("euler", 4, 2), ("heun", 3, 1), ("heun", 3, 2)], grids.Where(grid => grid.Trajectory is not null).Select(grid => (grid.Solver, grid.Nfe, grid.Head)));
        Assert.All(grids, grid => Assert.Null(grid.Neighbours));
        foreach (var grid in grids.Where(grid => grid.Trajectory is not null))
        {
            var trajectory = grid.Trajectory!;
            Assert.Equal(2, trajectory.Cells);
            Assert.Equal(grid.Solver == "euler" ? [1, 0.75, 0.5, 0.25, 0] : [1, 0.5, 0], trajectory.Times);
            var (images, ways) = (Png("out", grid.File), Png("out", trajectory.File));
            Assert.Equal((trajectory.Times.Count * 28, 2 * 28), (ways.Width, ways.Height));
            for (var cell = 0; cell < trajectory.Cells; cell++)
            {
                var sample = images.Cell(cell / grid.Columns, cell % grid.Columns, 28, 28);
                Assert.Equal(sample, ways.Cell(cell, trajectory.Times.Count - 1, 28, 28));
                // Euler's and Heun's last steps go along the velocity at their start: x̂₀ there is the sample itself.
                Assert.Equal(sample, ways.Cell(cell, trajectory.Times.Count - 2, 28, 28));
                Assert.NotEqual(sample, ways.Cell(cell, 0, 28, 28));
            }
        }
    }

    [Fact]
    public async Task Nearest_training_images_are_those_of_the_data_set_that_are_named()
    {
        var journal = await RunAsync("out", new SampleSpecification { Images = 5, Neighbours = true }, dataset: "fashion-mnist-10k");

        var grid = journal.OfType<SamplesSaved>().Last();
        var near = grid.Neighbours!;
        Assert.Equal(("fashion-mnist-cnn-2", "fashion-mnist-10k", 10_000), (near.Extractor, near.Dataset, near.Images));
        Assert.Equal((5, 5), (near.Indices.Count, near.Distances.Count));
        var (picture, dataset) = (Png("out", near.File), FashionImages());
        Assert.Equal((grid.Columns * 28, grid.Rows * 28), (picture.Width, picture.Height));
        for (var cell = 0; cell < 5; cell++)
        {
            Assert.Equal(dataset[near.Indices[cell]], picture.Cell(cell / grid.Columns, cell % grid.Columns, 28, 28));
        }

        Assert.All(near.Distances, distance => Assert.InRange(distance, 1e-6, 1e6));
        Assert.True(near.Typical > 0);
        Assert.True(Directory.EnumerateFiles(bench.Path("extractors"), "*.safetensors", SearchOption.AllDirectories).Any(), "The features are not kept for the next run.");
    }

    [Fact]
    public async Task Keeping_them_changes_no_other_number()
    {
        var plain = await RunAsync("plain", new SampleSpecification { Every = 3, Images = 4 }, evaluation => evaluation with { Samples = 8 });
        var kept = await RunAsync("kept", new SampleSpecification { Every = 3, Images = 4, Neighbours = true, Trajectories = 4 }, evaluation => evaluation with { Samples = 8 });

        Assert.Equal(Measured(plain), Measured(kept));
        Assert.Equal(Checkpoints(plain), Checkpoints(kept));
        Assert.Equal(Weights("plain", plain), Weights("kept", kept));
        Assert.Equal(plain.OfType<EvaluationMade>().Select(made => (made.Step, made.Nfe, made.Value)), kept.OfType<EvaluationMade>().Select(made => (made.Step, made.Nfe, made.Value)));
        Assert.Equal(plain.OfType<SamplesSaved>().Select(saved => (saved.Step, saved.Nfe, saved.Sha256)), kept.OfType<SamplesSaved>().Select(saved => (saved.Step, saved.Nfe, saved.Sha256)));
        Assert.All(kept.OfType<SamplesSaved>(), saved => Assert.NotNull(saved.Neighbours));
    }

    [Fact]
    public async Task A_run_that_goes_on_keeps_the_same_pictures_and_makes_none_twice()
    {
        var samples = new SampleSpecification { Every = 3, Images = 4, Neighbours = true, Trajectories = 4 };
        var straight = await RunAsync("straight", samples);
        var saved = straight.OfType<CheckpointSaved>().First(checkpoint => checkpoint.Type == CheckpointKind.Checkpoint && checkpoint.Step == 3);

        var run = new RunFile
        {
            Specification = Specification(samples, "synthetic", null),
            Resume = new ResumePoint(3, System.IO.Path.Combine(bench.Path("straight"), saved.File), saved.Sha256),
            Samples = [new StoredResult("euler", 1, 1)],
        };
        var resumed = await CompleteAsync("resumed", bench.Write(run, "resumed.json"));

        Assert.Equal([(3, 2), (6, 1), (6, 2)], resumed.OfType<SamplesSaved>().Select(grid => (grid.Step, grid.Nfe)));
        foreach (var grid in resumed.OfType<SamplesSaved>())
        {
            var expected = straight.OfType<SamplesSaved>().Single(other => (other.Step, other.Nfe) == (grid.Step, grid.Nfe));
            Assert.Equal((expected.Sha256, expected.Neighbours!.Sha256, expected.Trajectory?.Sha256), (grid.Sha256, grid.Neighbours!.Sha256, grid.Trajectory?.Sha256));
            Assert.Equal(expected.Neighbours.Indices, grid.Neighbours.Indices);
            Assert.Equal(expected.Neighbours.Distances, grid.Neighbours.Distances);
        }
    }

    [Fact]
    public async Task Without_the_extractor_a_run_goes_on_without_neighbours_and_says_so()
    {
        var journal = await RunAsync("out", new SampleSpecification { Images = 4, Neighbours = true }, evaluation => evaluation with { Extractor = "inception-pytorch" });

        Assert.Contains(journal.OfType<LogWritten>(), line => line.Level == LogLevelName.Warning && line.Text.Contains("samples.neighbours is left out", StringComparison.Ordinal));
        Assert.All(journal.OfType<SamplesSaved>(), saved => Assert.Null(saved.Neighbours));
        Assert.Equal(AttemptOutcome.Completed, journal.OfType<AttemptEnded>().Single().Outcome);
    }

    public void Dispose() => bench.Dispose();

    private static RunSpecification Specification(SampleSpecification samples, string dataset, Func<EvaluationSpecification, EvaluationSpecification>? change) => Workbench.Tiny with
    {
        Data = new DataSpecification { Dataset = dataset },
        Training = Workbench.Tiny.Training with { Iterations = 6, CheckpointEvery = 3, KeepCheckpoints = 9 },
        Samples = samples,
        Evaluation = change?.Invoke(Workbench.Tiny.Evaluation) ?? Workbench.Tiny.Evaluation,
    };

    private Task<IReadOnlyList<JournalEntry>> RunAsync(string name, SampleSpecification samples, Func<EvaluationSpecification, EvaluationSpecification>? change = null, string dataset = "synthetic") =>
        CompleteAsync(name, bench.Write(Specification(samples, dataset, change), $"{name}.json"));

    private async Task<IReadOnlyList<JournalEntry>> CompleteAsync(string name, string run)
    {
        var environment = new Dictionary<string, string> { ["CATCHUP_EXTRACTORS"] = bench.Path("extractors") };
        var result = await TrainerProcess.RunAsync(environment, ["train", run, "--out", bench.Path(name)]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return TrainerProcess.Journal(bench.Path(name));
    }

    private PngReader Png(string run, string file) => PngReader.Read(System.IO.Path.Combine(bench.Path(run), file));

    private static List<string> Checkpoints(IEnumerable<JournalEntry> journal) => [.. journal.OfType<CheckpointSaved>().Where(saved => saved.Type == CheckpointKind.Checkpoint).Select(saved => saved.Sha256)];

    /// <summary>Of the last snapshot, which also says how the run was configured.</summary>
    private SortedDictionary<string, float[]> Weights(string run, IEnumerable<JournalEntry> journal) =>
        new(Snapshot.Read(System.IO.Path.Combine(bench.Path(run), journal.OfType<CheckpointSaved>().Last(saved => saved.Type == CheckpointKind.Snapshot).File)));

    private static List<string> Measured(IEnumerable<JournalEntry> journal) =>
    [
        .. from points in journal.OfType<PointsLogged>()
           from value in points.Values
           where !value.Key.StartsWith("throughput/", StringComparison.Ordinal)
           select $"{points.Step} {value.Key} {value.Value:R}",
    ];

    /// <summary>Read independently of the trainer: an IDX file has a header of 16 bytes.</summary>
    private static List<byte[]> FashionImages()
    {
        using var file = File.OpenRead(System.IO.Path.Combine(TrainerProcess.RepositoryFolder, "datasets", "fashion-mnist-10k", "t10k-images-idx3-ubyte.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        var all = bytes.ToArray();
        Assert.Equal(10_000, BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(4)));
        return [.. all[16..].Chunk(28 * 28)];
    }
}
