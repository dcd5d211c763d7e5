using CatchUp.Contracts.Journal;
using CatchUp.Flow.Noise;
using CatchUp.Trainer.Environments;
using CatchUp.Trainer.Evaluations;
using CatchUp.Trainer.Input;
using TorchSharp;

namespace CatchUp.Trainer.Runs;

/// <summary>One try at a run that trains nothing: it evaluates a stored snapshot of its initial run as its own specification says.</summary>
internal sealed class ReEvaluation(RunFile run, JournalWriter journal, StopSignal stop, ConsoleProgress progress, TrainerSettings settings, TimeProvider clock)
{
    private readonly TimeBook time = new(journal, clock);
    private readonly InitialWeights initial = run.Initial ?? throw new BadInputException("initial is missing: an evaluation needs the snapshot of the run that it evaluates.");

    public int Run()
    {
        try
        {
            Evaluate();
            return End(AttemptOutcome.Completed);
        }
        catch (OperationCanceledException)
        {
            return stop.Request switch
            {
                StopRequest.Pause => End(AttemptOutcome.Paused),
                StopRequest.Cancel => End(AttemptOutcome.Cancelled),
                _ => ExitStatus.Abandoned,
            };
        }
        catch (Exception error) when (Failure.Explain(error) is { } failure)
        {
            return Failure.Tell(failure with { Step = initial.Step }, journal);
        }
    }

    private void Evaluate()
    {
        var evaluation = run.Specification.Evaluation;
        var device = Devices.Choose(run.Device);
        using var images = DatasetInput.OpenOrFetch(initial.Specification.Data, settings, Say, stop.ThrowIfRequested).To(device);
        using var evaluator = Evaluator.Create(evaluation, images, settings, device, clock) ?? throw new BadInputException("evaluation.samples is 0, so there is nothing to measure.");
        using var network = NetworkRecipe.Velocity(initial.Specification, ImageForm.Of(images));
        InitialModel.Load(network, initial);
        network.to(device);
        network.eval();
        var maker = new ImageMaker(network, new NoiseBank(run.Specification.Samples.NoiseBank, images.Channels, images.Height, images.Width), stop, device);
        journal.Append(RunEnvironment.Start(device, images, settings, initial.Step, network.parameters().Sum(parameter => parameter.numel())));
        foreach (var sampling in Sampling.All(evaluation, network.Heads))
        {
            stop.ThrowIfRequested();
            var missing = Evaluator.Names(evaluation).Where(metric => !run.Evaluations.Any(stored => sampling.Made(stored, metric))).ToList();
            if (missing.Count == 0)
            {
                continue;
            }

            time.Evaluation(() =>
            {
                foreach (var made in evaluator.Evaluate(maker, sampling, missing).Results)
                {
                    journal.Append(made with { Step = initial.Step, SnapshotSha256 = initial.Sha256 });
                    progress.Say(FormattableString.Invariant($"  {MetricLabel.Of(made.Metric, made.Extractor, made.Samples)} of run {initial.Run} at step {initial.Step}, {sampling.Label}: {made.Value:0.###}"));
                }
            });
            time.Tell();
        }
    }

    private void Say(string text)
    {
        journal.Append(new LogWritten { Text = text });
        progress.Say(text);
    }

    private int End(AttemptOutcome outcome)
    {
        time.Tell();
        journal.Append(new AttemptEnded { Outcome = outcome, Step = initial.Step });
        return ExitStatus.Done;
    }
}
