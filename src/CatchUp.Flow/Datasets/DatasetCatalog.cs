using CatchUp.Flow.Datasets.Collections;

namespace CatchUp.Flow.Datasets;

/// <summary>The data sets known by name, and where their files are.</summary>
/// <param name="shippedFolder">The folder of the data sets that ship with the product.</param>
/// <param name="dataFolder">The user's own data folder, if set: what <c>CATCHUP_DATA</c> names.</param>
/// <param name="systemFolder">Where Debian's package puts Fashion-MNIST.</param>
public sealed class DatasetCatalog(string shippedFolder, string? dataFolder, string systemFolder = "/usr/share/datasets/fashion-mnist")
{
    public const string FashionMnist = "fashion-mnist", FashionMnist10k = "fashion-mnist-10k", Synthetic = "synthetic", Mnist = "mnist", Cifar10 = "cifar10", ImageNet64 = "imagenet64";

    /// <summary>How names of the user's own folders and archives of pictures begin.</summary>
    public const string FolderPrefix = "folder:";

    /// <summary>Where decoded pictures are kept, in the data folder.</summary>
    private const string CacheFolder = ".decoded";

    private const int LongestFolderName = 40, CifarBatchBytes = 10_000 * 3073;

    private static readonly IdxFiles
        FashionTest = new("t10k", 10_000, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        FashionTraining = new("train", 60_000, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        MnistTraining = new("train", 60_000, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    public static IReadOnlyList<DatasetCard> Known { get; } =
    [
        new(FashionMnist10k, 28, 1, 10),
        new(FashionMnist, 28, 1, 10),
        new(Mnist, 28, 1, 10),
        new(Cifar10, 32, 3, 10),
        new(ImageNet64, 64, 3, 1000),
        new(Synthetic, 28, 1, 3),
    ];

    /// <summary>Opens a data set.</summary>
    /// <param name="name">A known name, or <c>folder:NAME</c> for the folder NAME or the archive NAME.zip in the data folder.</param>
    /// <param name="side">Side that images are resized to; 0 takes the data set's own.</param>
    /// <param name="channels">1 or 3; 0 takes the data set's own.</param>
    /// <exception cref="DatasetUnavailableException">Unknown, missing or damaged.</exception>
    public ImageDataset Open(string name, int side = 0, int channels = 0)
    {
        if (name.StartsWith(FolderPrefix, StringComparison.Ordinal))
        {
            return OpenFolder(name, name[FolderPrefix.Length..], new ImageShape(side, channels));
        }

        var card = Known.FirstOrDefault(known => known.Name == name)
            ?? throw new DatasetUnavailableException($"The data set '{name}' is not known. Known are {string.Join(", ", Known.Select(known => known.Name))}, and {FolderPrefix}NAME for pictures of your own.");
        var shape = new ImageShape(side == 0 ? card.Side : side, channels == 0 ? card.Channels : channels);
        return name switch
        {
            Synthetic => Shaped(SyntheticShapes.Create(), shape),
            FashionMnist10k => Shaped(OpenIdx(name, FashionTest, [Path.Combine(shippedFolder, FashionMnist10k)], "It ships with the product: restore the folder from the repository."), shape),
            FashionMnist => Shaped(OpenIdx(name, FashionTraining, [.. InDataFolder("", FashionMnist), systemFolder], $"Install Debian's package dataset-fashion-mnist, or {Remedy(name)}"), shape),
            Mnist => Shaped(OpenIdx(name, MnistTraining, InDataFolder(Mnist), $"To get it, {Remedy(name)}"), shape),
            Cifar10 => Shaped(OpenCifar(), shape),
            _ => OpenFolder(name, name, shape),
        };
    }

    /// <summary>A name of a folder of pictures that cannot lead out of the data folder.</summary>
    private static bool IsFolderName(string name) =>
        name.Length is > 0 and <= LongestFolderName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static string Remedy(string name) => $"set CATCHUP_DATA to a folder of yours and run 'catchup-trainer download {name}' once.";

    private static ImageDataset Shaped(ImageDataset images, ImageShape shape)
    {
        if ((images.Height, images.Width, images.Channels) == (shape.Side, shape.Side, shape.Channels))
        {
            return images;
        }

        using (images)
        {
            return images.Reshaped(shape);
        }
    }

    private static ImageDataset OpenIdx(string name, IdxFiles files, string[] folders, string remedy)
    {
        string imagesName = $"{files.Split}-images-idx3-ubyte", labelsName = $"{files.Split}-labels-idx1-ubyte";
        foreach (var folder in folders)
        {
            if (FindFile(folder, imagesName) is not { } imagesPath || FindFile(folder, labelsName) is not { } labelsPath)
            {
                continue;
            }

            return Reading(name, folder, remedy, () =>
            {
                var images = IdxFile.Read(imagesPath);
                Check(imagesName, images, files.ImagesHash, [files.Count, 28, 28]);
                var labels = IdxFile.Read(labelsPath);
                Check(labelsName, labels, files.LabelsHash, [files.Count]);
                return new ImageDataset(name, images.Hash, images.Values, 1, 28, 28, Array.ConvertAll(labels.Values, label => (long)label));
            });
        }

        throw Missing(name, $"{imagesName}(.gz) and {labelsName}(.gz)", folders, remedy);
    }

    private static void Check(string name, IdxFile file, string hash, int[] dimensions)
    {
        if (file.Hash != hash || !file.Dimensions.SequenceEqual(dimensions))
        {
            throw new InvalidDataException($"{name} is not the published one: its SHA-256 is {file.Hash}, expected {hash}.");
        }
    }

    private ImageDataset OpenCifar()
    {
        var folders = InDataFolder(Cifar10, Path.Combine(Cifar10, "cifar-10-batches-bin"));
        var remedy = $"To get it, {Remedy(Cifar10)}";
        foreach (var folder in folders)
        {
            string[] paths = [.. Enumerable.Range(1, 5).Select(batch => Path.Combine(folder, $"data_batch_{batch}.bin"))];
            if (paths.All(File.Exists))
            {
                return Reading(Cifar10, folder, remedy, () => paths.FirstOrDefault(path => new FileInfo(path).Length != CifarBatchBytes) is { } other
                    ? throw new InvalidDataException($"{Path.GetFileName(other)} has {new FileInfo(other).Length} bytes, expected {CifarBatchBytes}.")
                    : CifarBatches.Read(Cifar10, paths));
            }
        }

        throw Missing(Cifar10, "data_batch_1.bin to data_batch_5.bin", folders, remedy);
    }

    private ImageDataset OpenFolder(string name, string folder, ImageShape shape)
    {
        if (!IsFolderName(folder))
        {
            throw new DatasetUnavailableException($"The data set '{name}' cannot be: after {FolderPrefix} comes the name of a folder of at most {LongestFolderName} lower-case letters, digits and hyphens.");
        }

        if (shape.Side < 1 || shape.Channels is not (1 or 3))
        {
            throw new DatasetUnavailableException($"The data set '{name}' can have images of any shape: set data.side, and data.channels to 1 or 3.");
        }

        var remedy = "Put a folder of PNG pictures there, one folder a class, or a .zip of it, and set CATCHUP_DATA to the folder that holds it (see docs/data.md).";
        var places = InDataFolder(folder, folder + ".zip");
        return places.FirstOrDefault(path => Directory.Exists(path) || File.Exists(path)) is { } found
            ? Reading(name, found, "", () => new CollectionReader(Path.Combine(dataFolder!, CacheFolder)).Read(name, found, shape))
            : throw Missing(name, "the pictures", places, remedy);
    }

    private string[] InDataFolder(params string[] places) => dataFolder is null ? [] : [.. places.Select(place => Path.Combine(dataFolder, place))];

    private static ImageDataset Reading(string name, string place, string remedy, Func<ImageDataset> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"The data set '{name}' in {place} cannot be read: {error.Message} {remedy}".TrimEnd(), error);
        }
    }

    private static DatasetUnavailableException Missing(string name, string what, string[] places, string remedy) => new(places.Length == 0
        ? $"The data set '{name}' was not found: CATCHUP_DATA, the folder of data sets, is not set. {remedy}"
        : $"The data set '{name}' was not found. Looked for {what} in {string.Join(", ", places)}. {remedy}");

    private static string? FindFile(string folder, string name) =>
        new[] { Path.Combine(folder, name + ".gz"), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);

    /// <summary>A pair of IDX files as they were published; the hashes are of the uncompressed files, for mirrors compress them anew.</summary>
    private sealed record IdxFiles(string Split, int Count, string ImagesHash, string LabelsHash);
}
