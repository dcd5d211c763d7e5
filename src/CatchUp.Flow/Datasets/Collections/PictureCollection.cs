namespace CatchUp.Flow.Datasets.Collections;

/// <summary>Pictures in a folder or in an archive, by name.</summary>
internal abstract class PictureCollection : IDisposable
{
    /// <summary>The file beside the pictures that may name their classes.</summary>
    protected const string LabelFile = "dataset.json";

    /// <summary>No file is read that is larger.</summary>
    private const long LargestPicture = 64 << 20, LargestLabelFile = 512 << 20;

    private static readonly string[] OtherFormats = [".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".npz", ".npy", ".tfrecord"];

    /// <summary>The pictures in the order of their names. Names have slashes, whatever the system.</summary>
    public required IReadOnlyList<CollectedFile> Pictures { get; init; }

    /// <summary>dataset.json, if there is one.</summary>
    public required CollectedFile? Labels { get; init; }

    /// <summary>A folder or a .zip file.</summary>
    /// <exception cref="InvalidDataException">There are no pictures, or some of another format.</exception>
    public static PictureCollection Open(string path) => File.Exists(path) ? PictureZip.Open(path) : PictureFolder.Open(path);

    /// <summary>The bytes of a picture. Safe to call from several threads.</summary>
    public byte[] ReadPicture(CollectedFile picture) => Read(picture, LargestPicture);

    /// <summary>The bytes of dataset.json.</summary>
    public byte[] ReadLabels(CollectedFile labels) => Read(labels, LargestLabelFile);

    public virtual void Dispose()
    {
    }

    protected abstract byte[] ReadWhole(CollectedFile file);

    /// <summary>Picks the pictures out of all files, and refuses what would silently be left out.</summary>
    protected static (IReadOnlyList<CollectedFile> Pictures, CollectedFile? Labels) Sort(string path, IEnumerable<CollectedFile> files)
    {
        var pictures = new List<CollectedFile>();
        CollectedFile? labels = null;
        foreach (var file in files)
        {
            var extension = Path.GetExtension(file.Name);
            if (extension.Equals(".png", StringComparison.OrdinalIgnoreCase))
            {
                pictures.Add(file);
            }
            else if (file.Name == LabelFile)
            {
                labels = file;
            }
            else if (OtherFormats.Contains(extension, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidDataException($"{file.Name} in {path} is not a PNG picture, and only PNG is read: convert it.");
            }
        }

        pictures.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return pictures.Count > 0 ? (pictures, labels) : throw new InvalidDataException($"There is no PNG picture in {path}.");
    }

    private byte[] Read(CollectedFile file, long largest) => file.Bytes <= largest
        ? ReadWhole(file)
        : throw new InvalidDataException($"{file.Name} has {file.Bytes} bytes; at most {largest} are read.");
}
