using System.Globalization;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Couplings;
using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Runs;

/// <summary>
/// The pairs that a run makes with its initial run's model before its first update. They are kept in the run directory for an
/// attempt that goes on there; one that goes on elsewhere makes the same pairs again.
/// </summary>
internal sealed class InitialPairs(RunFile run, VelocityNetwork model, RunDirectory directory, JournalWriter journal, StopSignal stop, ConsoleProgress progress, Device device, string fingerprint)
{
    private readonly RunSpecification specification = run.Specification;

    private string CachePath => Path.Combine(directory.Path, "pairs.safetensors");

    private bool IsFinalDistillation => specification.Objective.Kind == ObjectiveKind.FinalDistillation;

    private int Count => IsFinalDistillation ? specification.Objective.Pairs : specification.Coupling.Pairs;

    public static bool AreNeeded(RunSpecification specification) =>
        specification.Objective.Kind == ObjectiveKind.FinalDistillation || specification.Coupling.Kind == CouplingKind.Reflow;

    /// <summary>Finds the pairs or makes them.</summary>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public PairSet Make()
    {
        if (PairSet.TryLoad(CachePath, fingerprint) is { } found)
        {
            return found;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"Making {Count:#,0} pairs of noise and images with the model of run {run.Initial!.Run} at step {run.Initial.Step}.");
        progress.Say(text);
        journal.Append(new LogWritten { Text = text });
        var maker = new PairMaker(model, specification.Seed, device);
        var pairs = IsFinalDistillation
            ? maker.Trajectories(Count, Report)
            : MakeSamples(maker);
        DiskReserve.Keep(directory.Path, pairs.Bytes);
        pairs.Save(CachePath, fingerprint);
        return pairs;
    }

    private PairSet MakeSamples(PairMaker maker)
    {
        var solver = Recipe.Solver(specification.Coupling.Solver);
        return maker.Samples(solver, solver.IsAdaptive ? null : specification.Coupling.Nfe, Count, Report);
    }

    private void Report(int made)
    {
        stop.ThrowIfRequested();
        progress.Pairs(made, Count);
    }
}
