namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between the keys of an objective, its coupling and the run they start from.</summary>
internal static class ObjectiveRules
{
    public static void Check(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        var (objective, coupling) = (specification.Objective, specification.Coupling);
        if (SpecificationRules.NeedsInitialRun(specification) is { } need && specification.InitialRun.Run == InitialRunSpecification.None)
        {
            problems.Add(new("initialRun.run", $"{char.ToUpperInvariant(need[0])}{need[1..]}. Name that run in initialRun.run, by its id or its variant's name."));
        }

        if (objective.Kind == ObjectiveKind.ProgressiveDistillation && objective.TimeSteps % 2 != 0)
        {
            problems.Add(new("objective.timeSteps", $"progressive-distillation turns two teacher steps into one, which {objective.TimeSteps} steps do not allow. Use an even number."));
        }

        if (objective.Kind == ObjectiveKind.FinalDistillation && coupling.Kind != CouplingKind.Independent)
        {
            problems.Add(new("coupling.kind", "final-distillation makes its own pairs from the initial run's trajectories, starting from N(0, I). Leave coupling.kind at independent."));
        }

        if (coupling is { Kind: CouplingKind.Reflow, Solver: SolverKind.Heun } && SolverNfe.Of(coupling.Solver, [coupling.Nfe]).Count == 0)
        {
            problems.Add(new("coupling.nfe", $"heun takes odd numbers of evaluations only. Use {coupling.Nfe + 1}, say, or another coupling.solver."));
        }

        if (objective.WaveletWeight > 0 && objective.Kind is not (ObjectiveKind.RectifiedFlow or ObjectiveKind.CatchUp))
        {
            problems.Add(new("objective.waveletWeight", "The wavelet term compares with the true image, which distillations do not see. Use 0, or the objectives rectified-flow or catch-up."));
        }

        if (objective is { Kind: ObjectiveKind.CatchUp, CatchUpLoss: CatchUpLoss.Perceptual } && dataset is not null
            && (KnownExtractor.Find(specification.Evaluation.Extractor) is not { } extractor || !extractor.Takes(dataset.Side, dataset.Channels)))
        {
            problems.Add(new("objective.catchUpLoss", $"The perceptual loss looks at images through evaluation.extractor, and '{specification.Evaluation.Extractor}' does not take those of {dataset.Name}. Choose an extractor that does, or mse."));
        }
    }
}
