namespace CatchUp.Contracts.Specifications;

public sealed record SampleSpecification
{
    [Key("Updates between two sample grids; the last update always has one. 0 keeps the end only.", Minimum = 0, Maximum = 100_000_000)]
    public int Every { get; init; }

    [Key("Images in a grid. 0 makes no grids.", Minimum = 0, Maximum = 400)]
    public int Images { get; init; } = 36;

    [Key("Noise bank: the fixed z₁ that every run of the same bank and image shape shares.", Minimum = 0, Maximum = int.MaxValue)]
    public int NoiseBank { get; init; } = 1;

    [Key("With each grid the training image nearest to every cell, by the features of evaluation.extractor. The data set is measured once on a machine (10,000 grey 28×28 images take about 2 seconds of a CPU core), a grid of 36 such images then costs some 20 milliseconds.")]
    public bool Neighbours { get; init; }

    [Key("How many of a grid's first cells keep their way from noise to image: x̂₀ at every step of each solver's largest NFE, 33 steps at most. Costs no network evaluation; a picture of that many rows is stored with the grid. rk45 keeps none. 0 keeps none.", Minimum = 0, Maximum = 36)]
    public int Trajectories { get; init; }
}
