using System.Globalization;

namespace CatchUp.Flow.Datasets.Collections;

/// <summary>Pictures in a folder and the folders below it.</summary>
internal sealed class PictureFolder : PictureCollection
{
    private const int Deepest = 8;

    private readonly string root;

    private PictureFolder(string root) => this.root = root;

    public static new PictureFolder Open(string path)
    {
        // Hidden files are leftovers of other programs; the depth is limited for folders that link to their own parents.
        var walk = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Deepest, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };
        var files = new DirectoryInfo(path).EnumerateFiles("*", walk).Select(file => new CollectedFile(
            Path.GetRelativePath(path, file.FullName).Replace(Path.DirectorySeparatorChar, '/'),
            file.Length,
            file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture)));
        var (pictures, labels) = Sort(path, files);
        return new PictureFolder(path) { Pictures = pictures, Labels = labels };
    }

    protected override byte[] ReadWhole(CollectedFile file) => File.ReadAllBytes(Path.Combine(root, file.Name));
}
