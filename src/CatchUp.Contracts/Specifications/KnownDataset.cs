namespace CatchUp.Contracts.Specifications;

/// <summary>A data set the trainer can read, and the shape of its images: enough to check a specification without having the data.</summary>
/// <param name="Name">What a specification calls it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Side">Pixels of a row and of a column.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Classes">Number of classes of its labels; null when that shows only where the images are.</param>
public sealed record KnownDataset(string Name, string Title, int Side, int Channels, int? Classes)
{
    /// <summary>How names of a user's own folders of pictures begin.</summary>
    public const string FolderPrefix = "folder:";

    private const int LongestFolderName = 40;

    public static IReadOnlyList<KnownDataset> All { get; } =
    [
        new("fashion-mnist-10k", "Fashion-MNIST, the 10,000 test images (shipped)", 28, 1, 10),
        new("fashion-mnist", "Fashion-MNIST, all 60,000 training images", 28, 1, 10),
        new("mnist", "MNIST, the 60,000 training images", 28, 1, 10),
        new("cifar10", "CIFAR-10, the 50,000 training images", 32, 3, 10),
        new("imagenet64", "ImageNet at 64×64, the 1,281,167 training images", 64, 3, 1000),
        new("synthetic", "Generated shapes, for tests", 28, 1, 3),
    ];

    public static KnownDataset? Find(string name) => All.FirstOrDefault(dataset => dataset.Name == name);

    /// <summary>The data set in the shape that a specification asks for; null when there is none of that name.</summary>
    public static KnownDataset? Find(DataSpecification data)
    {
        var dataset = data.Dataset.StartsWith(FolderPrefix, StringComparison.Ordinal) && IsFolderName(data.Dataset[FolderPrefix.Length..])
            ? new KnownDataset(data.Dataset, $"Pictures in the folder {data.Dataset[FolderPrefix.Length..]}", 0, 0, null)
            : Find(data.Dataset);
        return dataset is null ? null : dataset with
        {
            Side = data.Side == 0 ? dataset.Side : data.Side,
            Channels = data.Channels == 0 ? dataset.Channels : data.Channels,
        };
    }

    /// <summary>A name that cannot lead out of the data folder: lower-case letters, digits and hyphens.</summary>
    public static bool IsFolderName(string name) =>
        name.Length is > 0 and <= LongestFolderName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
