namespace CatchUp.Contracts.Specifications;

/// <summary>
/// Everything that decides what a run computes, fully expanded: no preset to look up, no default left open.
/// Two runs with equal specifications on the same device produce the same numbers.
/// </summary>
public sealed record RunSpecification
{
    [Key("The preset this specification started from. A label: its values are already filled in.")]
    public string Preset { get; init; } = "custom";

    [Key("What it does: train a network, or evaluate a stored snapshot of its initial run in another way, with the keys below evaluation and samples.")]
    public RunKind Kind { get; init; }

    [Key("Seed of everything random in the run. Replicates differ in nothing else.", Minimum = 0, Maximum = int.MaxValue)]
    public int Seed { get; init; }

    [Key("The run it starts from.")]
    public InitialRunSpecification InitialRun { get; init; } = new();

    [Key("What it learns from.")]
    public DataSpecification Data { get; init; } = new();

    [Key("The velocity network v(z, t).")]
    public NetworkSpecification Network { get; init; } = new();

    [Key("How data and noise are paired.")]
    public CouplingSpecification Coupling { get; init; } = new();

    [Key("What is minimised.")]
    public ObjectiveSpecification Objective { get; init; } = new();

    [Key("How weights are updated.")]
    public OptimizerSpecification Optimizer { get; init; } = new();

    [Key("The exponential moving average of the weights, which is what is evaluated.")]
    public EmaSpecification Ema { get; init; } = new();

    [Key("How long it trains and what it keeps.")]
    public TrainingSpecification Training { get; init; } = new();

    [Key("Which numbers are measured on generated images, and when.")]
    public EvaluationSpecification Evaluation { get; init; } = new();

    [Key("Which grids of generated images are kept.")]
    public SampleSpecification Samples { get; init; } = new();
}
