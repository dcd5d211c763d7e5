namespace CatchUp.Contracts.Specifications;

/// <summary>A data set the trainer can read, and the shape of its images: enough to check a specification without having the data.</summary>
public sealed record KnownDataset(string Name, string Title, int Side, int Channels)
{
    public static IReadOnlyList<KnownDataset> All { get; } =
    [
        new("fashion-mnist-10k", "Fashion-MNIST, the 10,000 test images (shipped)", 28, 1),
        new("fashion-mnist", "Fashion-MNIST, all 60,000 training images", 28, 1),
        new("synthetic", "Generated shapes, for tests", 28, 1),
    ];

    public static KnownDataset? Find(string name) => All.FirstOrDefault(dataset => dataset.Name == name);
}
