namespace CatchUp.Contracts.Specifications;

public sealed record DataSpecification
{
    [Key("Name of the data set: fashion-mnist-10k (shipped), fashion-mnist (the full 60,000 images), synthetic (generated shapes, for tests).")]
    public string Dataset { get; init; } = "fashion-mnist-10k";

    [Key("Mirror images left to right at random.")]
    public bool HorizontalFlip { get; init; }
}
