namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between several keys. Each rule names the key to change.</summary>
public static class SpecificationRules
{
    public static IReadOnlyList<SpecificationProblem> Check(RunSpecification specification)
    {
        var problems = new List<SpecificationProblem>();
        CheckInitialRun(specification.InitialRun, problems);
        if (specification.Kind == RunKind.Evaluate)
        {
            // Data, network and heads are those of the run it evaluates.
            EvaluationRules.CheckReEvaluation(specification, problems);
            return problems;
        }

        var dataset = CheckDataset(specification, problems);
        NetworkRules.Check(specification, dataset, problems);
        EvaluationRules.Check(specification, dataset, problems);
        ObjectiveRules.Check(specification, dataset, problems);
        return problems;
    }

    /// <summary>Why this run needs the model of another one, as the start of a sentence; null when it does not.</summary>
    public static string? NeedsInitialRun(RunSpecification specification) => specification switch
    {
        { Objective.Kind: ObjectiveKind.ConsistencyDistillation } => "consistency-distillation learns from another run's model",
        { Objective.Kind: ObjectiveKind.ProgressiveDistillation } => "progressive-distillation learns from another run's model",
        { Objective.Kind: ObjectiveKind.FinalDistillation } => "final-distillation learns from another run's trajectories",
        { Coupling.Kind: CouplingKind.Reflow } => "the reflow coupling pairs noise with another run's images",
        _ => null,
    };

    /// <summary>Output heads of the network this objective trains.</summary>
    public static int HeadsOf(ObjectiveSpecification objective) => objective switch
    {
        { Kind: not ObjectiveKind.CatchUp } => 1,
        { Order: CatchUpOrder.Rk12 } => 1,
        { Order: CatchUpOrder.Rk23 } => 2,
        _ => 3,
    };

    internal static SpecificationProblem Unknown(string path, string what, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var closest = ClosestWord.Find(name, names);
        var hint = closest is null ? $"Known: {string.Join(", ", names)}." : $"Did you mean {closest}?";
        return new(path, $"There is no {what} '{name}'. {hint}", closest);
    }

    internal static string Words(IEnumerable<int> numbers) => string.Join(", ", numbers);

    private static void CheckInitialRun(InitialRunSpecification initial, List<SpecificationProblem> problems)
    {
        if (initial.Run == InitialRunSpecification.None && initial.Step != 0)
        {
            problems.Add(new("initialRun.step", "A step without a run says nothing. Name the run in initialRun.run, or remove the step."));
        }
    }

    /// <returns>The data set in the shape that is asked for; null when that is not known.</returns>
    private static KnownDataset? CheckDataset(RunSpecification specification, List<SpecificationProblem> problems)
    {
        var data = specification.Data;
        var before = problems.Count;
        var dataset = KnownDataset.Find(data);
        if (dataset is null)
        {
            problems.Add(data.Dataset.StartsWith(KnownDataset.FolderPrefix, StringComparison.Ordinal)
                ? new("data.dataset", "After folder: comes the name of a folder of the worker's data folder, of 1 to 40 lower-case letters, digits and hyphens.")
                : Unknown("data.dataset", "data set", data.Dataset, KnownDataset.All.Select(known => known.Name)));
            return null;
        }

        if (dataset.Side == 0)
        {
            problems.Add(new("data.side", $"The pictures of {dataset.Name} can have any size. Set the side in pixels that they are resized to."));
        }

        if (dataset.Channels is not (1 or 3))
        {
            problems.Add(new("data.channels", data.Channels == 0
                ? $"The pictures of {dataset.Name} can be grey or coloured. Use 1 for grey or 3 for RGB."
                : "Images have 1 channel or 3. Use 1 for grey or 3 for RGB."));
        }

        return problems.Count == before ? dataset : null;
    }
}
