using System.Globalization;
using System.Security.Cryptography;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
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
    ResultsInPlace inPlace,
    ConsoleProgress progress)
{
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
            var made = maker.Make(sampling, 0, specification.Samples.Images);
            var grid = ImageGrid.From(made.Images);
            var file = directory.WriteFile(string.Create(CultureInfo.InvariantCulture, $"samples/step-{step:00000000}-{sampling.Label}.png"), grid.Png);
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
            });
        }
    }

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
