namespace CatchUp.Contracts.Specifications;

public sealed record SampleSpecification
{
    [Key("Updates between two sample grids; the last update always has one. 0 keeps the end only.", Minimum = 0, Maximum = 100_000_000)]
    public int Every { get; init; }

    [Key("Images in a grid. 0 makes no grids.", Minimum = 0, Maximum = 400)]
    public int Images { get; init; } = 36;

    [Key("Noise bank: the fixed z₁ that every run of the same bank and image shape shares.", Minimum = 0, Maximum = int.MaxValue)]
    public int NoiseBank { get; init; } = 1;
}
