namespace CatchUp.Contracts.Specifications;

public sealed record EmaSpecification
{
    [Key("Decay of the moving average per step.", Minimum = 0, Maximum = 0.9999999)]
    public double Decay { get; init; } = 0.9999;

    [Key("Start with a short memory: the decay of step i is min(decay, (1 + i) / (10 + i)).")]
    public bool Warmup { get; init; }
}
