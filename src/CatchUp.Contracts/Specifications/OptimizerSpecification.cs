namespace CatchUp.Contracts.Specifications;

/// <summary>Adam (Kingma and Ba 2015) with a linear warm-up: step i, from 0, uses learningRate · min(i / warmupSteps, 1).</summary>
public sealed record OptimizerSpecification
{
    [Key("Adam's learning rate after the warm-up.", Minimum = 1e-8, Maximum = 1)]
    public double LearningRate { get; init; } = 2e-4;

    [Key("Steps over which the learning rate rises from zero.", Minimum = 0, Maximum = 1_000_000)]
    public int WarmupSteps { get; init; }

    [Key("Adam's first-moment decay.", Minimum = 0, Maximum = 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    [Key("Adam's second-moment decay.", Minimum = 0, Maximum = 0.9999999)]
    public double Beta2 { get; init; } = 0.999;

    [Key("Adam's ε.", Minimum = 1e-16, Maximum = 1)]
    public double Epsilon { get; init; } = 1e-8;
}
