namespace CatchUp.Flow.Datasets;

/// <summary>The data sets known by name, and where their files are.</summary>
/// <param name="shippedFolder">The folder of the data sets that ship with the product.</param>
/// <param name="dataFolder">The user's own data folder, if set: what <c>CATCHUP_DATA</c> names.</param>
/// <param name="systemFolder">Where Debian's package puts Fashion-MNIST.</param>
public sealed class DatasetCatalog(string shippedFolder, string? dataFolder, string systemFolder = "/usr/share/datasets/fashion-mnist")
{
    public const string FashionMnist = "fashion-mnist", FashionMnist10k = "fashion-mnist-10k", Synthetic = "synthetic";

    public static IReadOnlyList<string> Names { get; } = [FashionMnist10k, FashionMnist, Synthetic];

    /// <exception cref="DatasetUnavailableException">Unknown, missing or damaged.</exception>
    public ImageDataset Open(string name) => name switch
    {
        Synthetic => SyntheticShapes.Create(),
        FashionMnist10k => OpenFashion(
            name,
            "t10k",
            [Path.Combine(shippedFolder, FashionMnist10k)],
            "It ships with the product: restore the folder from the repository.",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        FashionMnist => OpenFashion(
            name,
            "train",
            FullFolders(),
            "Install Debian's package dataset-fashion-mnist, or put the four files of Fashion-MNIST into a folder and set CATCHUP_DATA to it.",
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        _ => throw new DatasetUnavailableException($"The data set '{name}' is not known. Known are {string.Join(", ", Names)}."),
    };

    private string[] FullFolders() => dataFolder is null
        ? [systemFolder]
        : [dataFolder, Path.Combine(dataFolder, FashionMnist), systemFolder];

    private static ImageDataset OpenFashion(string name, string split, string[] folders, string remedy, string hash)
    {
        string imagesName = $"{split}-images-idx3-ubyte", labelsName = $"{split}-labels-idx1-ubyte";
        foreach (var folder in folders)
        {
            if (FindFile(folder, imagesName) is not { } imagesPath || FindFile(folder, labelsName) is not { } labelsPath)
            {
                continue;
            }

            try
            {
                var images = IdxFile.Read(imagesPath);
                var labels = IdxFile.Read(labelsPath);
                return images.Hash != hash || images.Dimensions is not [var count, 28, 28] || labels.Dimensions is not [var labelled] || labelled != count
                    ? throw new DatasetUnavailableException($"The data set '{name}' in {folder} is not the published one: the SHA-256 of {imagesName} is {images.Hash}, expected {hash}. {remedy}")
                    : new ImageDataset(name, images.Hash, images.Values, 1, 28, 28, Array.ConvertAll(labels.Values, label => (long)label));
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new DatasetUnavailableException($"The data set '{name}' in {folder} cannot be read: {error.Message} {remedy}", error);
            }
        }

        throw new DatasetUnavailableException($"The data set '{name}' was not found. Looked for {imagesName}(.gz) and {labelsName}(.gz) in {string.Join(", ", folders)}. {remedy}");
    }

    private static string? FindFile(string folder, string name) =>
        new[] { Path.Combine(folder, name + ".gz"), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);
}
