namespace CatchUp.Contracts.Specifications;

/// <summary>A data set the trainer can read, the shape of its images, and the number of its classes: enough to check a specification without having the data.</summary>
public sealed record KnownDataset(string Name, string Title, int Side, int Channels, int Classes = 0)
{
    public static IReadOnlyList<KnownDataset> All { get; } =
    [
        new("fashion-mnist-10k", "Fashion-MNIST, the 10,000 test images (shipped)", 28, 1, 10),
        new("fashion-mnist", "Fashion-MNIST, all 60,000 training images", 28, 1, 10),
        new("synthetic", "Generated shapes, for tests", 28, 1, 3),
    ];

    public static KnownDataset? Find(string name) => All.FirstOrDefault(dataset => dataset.Name == name);
}
