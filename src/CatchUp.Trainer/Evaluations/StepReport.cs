using System.Globalization;
using System.Security.Cryptography;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Solvers;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Pictures;
using CatchUp.Trainer.Runs;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>Makes the sample grids and evaluations of a step, without those that are there already.</summary>
internal sealed class StepReport(
    RunSpecification specification,
    RunDirectory directory,
    JournalWriter journal,
    CheckpointStore checkpoints,
    Evaluator? evaluator,
    ImageMaker maker,
    TrainingNeighbours? neighbours,
    ResultsInPlace inPlace,
    ConsoleProgress progress)
{
    /// <summary>Times of a trajectory at most, the end included.</summary>
    private const int MaximumTimes = 33;

    private readonly IReadOnlyList<Sampling> samplings = Sampling.All(specification.Evaluation, maker.Heads);
    private readonly IReadOnlyList<string> metrics = Evaluator.Names(specification.Evaluation), gateMetrics = Evaluator.GateNames(specification.Evaluation);

    /// <summary>Takes over the ranking from what a continued journal holds up to a step.</summary>
    public void RememberBest(int step)
    {
        foreach (var made in journal.Existing.OfType<EvaluationMade>().Where(made => made.Step <= step && IsRanked(made)))
        {
            checkpoints.Rank(made.Step, made.Value);
        }
    }

    /// <summary>Saves one grid for each way of sampling.</summary>
    public void SaveSamples(int step)
    {
        foreach (var sampling in samplings.Where(sampling => !inPlace.HasSamples(step, sampling)))
        {
            using var scope = NewDisposeScope();
            using var clean = KeepsTrajectory(sampling) ? new CleanImages(Math.Min(specification.Samples.Trajectories, specification.Samples.Images)) : null;
            var made = maker.Make(sampling, 0, specification.Samples.Images, clean: clean);
            var grid = ImageGrid.From(made.Images);
            var name = string.Create(CultureInfo.InvariantCulture, $"samples/step-{step:00000000}-{sampling.Label}");
            var file = directory.WriteFile($"{name}.png", grid.Png);
            journal.Append(new SamplesSaved
            {
                Step = step,
                Solver = sampling.Solver.Name,
                Nfe = made.Evaluations,
                Head = sampling.Head,
                NoiseBank = maker.NoiseBank,
                Rows = grid.Rows,
                Columns = grid.Columns,
                CellWidth = grid.CellWidth,
                CellHeight = grid.CellHeight,
                File = file,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(grid.Png)),
                Bytes = grid.Png.Length,
                Neighbours = SaveNeighbours(made.Images, $"{name}-neighbours.png"),
                Trajectory = clean is null ? null : SaveTrajectory(clean, made.Images, $"{name}-trajectory.png"),
            });
        }
    }

    /// <summary>The largest number of evaluations shows the others' ways as well; an adaptive solver's steps differ from grid to grid.</summary>
    private bool KeepsTrajectory(Sampling sampling) =>
        specification.Samples.Trajectories > 0 && sampling.Nfe is { } nfe && samplings.All(other => other.Solver.Name != sampling.Solver.Name || other.Head != sampling.Head || other.Nfe <= nfe);

    private SampleNeighbours? SaveNeighbours(Tensor images, string file)
    {
        if (neighbours is null)
        {
            return null;
        }

        var (grid, found) = neighbours.Of(images);
        return found with { File = directory.WriteFile(file, grid.Png) };
    }

    private SampleTrajectory SaveTrajectory(CleanImages clean, Tensor images, string file)
    {
        using var scope = NewDisposeScope();
        var cells = clean.Estimates[0].shape[0];
        var steps = Spread(clean.Times.Count, MaximumTimes - 1);
        Tensor[] columns = [.. steps.Select(step => clean.Estimates[step]), images.narrow(0, 0, cells)];
        var rows = stack(columns, 1).flatten(0, 1); // [cells · times, channels, height, width], the times of one cell side by side
        var grid = ImageGrid.From(rows, columns.Length);
        return new SampleTrajectory
        {
            File = directory.WriteFile(file, grid.Png),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(grid.Png)),
            Bytes = grid.Png.Length,
            Cells = (int)cells,
            Times = [.. steps.Select(step => clean.Times[step]), 0],
        };
    }

    /// <summary>The first, the last, and those evenly between.</summary>
    private static int[] Spread(int count, int atMost) =>
        count <= atMost ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, atMost).Select(i => (int)Math.Round((double)i * (count - 1) / (atMost - 1)))];

    /// <summary>Saves the averaged weights, for use.</summary>
    public WeightFile SaveSnapshot(TrainingLoop loop) => checkpoints.SaveSnapshot(loop);

    /// <summary>Measures the images of each way of sampling, and how straight their paths were; at the last step the gates first.</summary>
    public void Evaluate(TrainingLoop loop)
    {
        var snapshot = SaveSnapshot(loop);
        if (evaluator is null)
        {
            return;
        }

        // No answer is awaited: who is pruned at a gate is told to stop while it makes what follows.
        foreach (var gate in loop.Step == specification.Training.Iterations ? specification.Evaluation.Gates : [])
        {
            foreach (var sampling in samplings)
            {
                Measure(loop, snapshot, evaluator, sampling, gateMetrics, gate);
            }
        }

        foreach (var sampling in samplings)
        {
            Measure(loop, snapshot, evaluator, sampling, metrics, gate: 0);
        }
    }

    /// <summary>Makes the numbers of one way of sampling that are not there, for a gate or (0) for the full evaluation.</summary>
    private void Measure(TrainingLoop loop, WeightFile snapshot, Evaluator evaluator, Sampling sampling, IReadOnlyList<string> wanted, int gate)
    {
        var missing = wanted.Where(metric => !inPlace.HasEvaluation(loop.Step, sampling, metric, gate)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var evaluation = evaluator.Evaluate(maker, sampling, missing, gate);
        if (gate == 0)
        {
            journal.Append(new PointsLogged { Step = loop.Step, ImagesSeen = loop.ImagesSeen, Values = new Dictionary<string, double> { [$"straightness/{sampling.Label}"] = evaluation.Straightness } });
        }

        foreach (var result in evaluation.Results)
        {
            journal.Append(result with { Step = loop.Step, SnapshotSha256 = snapshot.Sha256 });
            progress.Say(string.Create(CultureInfo.InvariantCulture, $"  {MetricLabel.Of(result.Metric, result.Extractor, result.Samples)} at step {loop.Step}, {sampling.Label}{(gate == 0 ? "" : ", gate")}: {result.Value:0.###}"));
            if (IsRanked(result))
            {
                checkpoints.Rank(loop.Step, result.Value);
            }
        }
    }

    /// <summary>The best checkpoint is the best by the run's first FID, of full evaluations.</summary>
    private bool IsRanked(EvaluationMade made) => made.Gate == 0 && made.Metric == Evaluator.Fid && samplings.Count > 0 && samplings[0].Made(made.Solver, made.Nfe, made.Head);
}
