using System.Text.RegularExpressions;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;

namespace CatchUp.Flow.Evaluation.References;

/// <summary>
/// Where the reference of a run comes from: what ships with the extractor, a named .npz file in the extractor's own folder, or the data
/// set, which is measured at the first <see cref="Get"/>. Name and hash are known at once.
/// </summary>
public sealed partial class ReferenceSource : IDisposable
{
    /// <summary>The word for: what ships with the extractor, or where nothing does the run's data set.</summary>
    public const string Default = "default";

    /// <summary>The word for: the run's data set.</summary>
    public const string Dataset = "dataset";

    internal const string Folder = "references";

    private readonly FeatureExtractor extractor;
    private readonly ImageDataset images;
    private Reference? reference;

    private ReferenceSource(FeatureExtractor extractor, ImageDataset images, Reference? reference)
    {
        (this.extractor, this.images, this.reference) = (extractor, images, reference);
        (Name, Sha256) = reference is null ? (images.Name, DatasetReference.Key(extractor, images)) : (reference.Name, reference.Sha256);
    }

    /// <summary>What images are compared with, in words.</summary>
    public string Name { get; }

    /// <summary>A hash over all that decides its numbers.</summary>
    public string Sha256 { get; }

    /// <summary>Whether it has features of real images, which all measures but Fréchet distances and the Inception score need.</summary>
    public bool HasFeatures => reference is null || reference.Features is not null;

    /// <param name="name"><see cref="Default"/>, <see cref="Dataset"/>, or the name of a file NAME.npz in the folder references of the extractor's own folder.</param>
    /// <param name="images">The run's data set.</param>
    /// <exception cref="ExtractorUnavailableException">There is no such reference, or its file is damaged.</exception>
    public static ReferenceSource Open(FeatureExtractor extractor, string name, ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(images);
        return name switch
        {
            Default => new ReferenceSource(extractor, images, extractor.OwnReference()),
            Dataset => new ReferenceSource(extractor, images, null),
            _ => new ReferenceSource(extractor, images, ReadNamed(extractor, name)),
        };
    }

    /// <summary>The reference; stays this source's to dispose.</summary>
    /// <param name="beforeBatch">Called with (images done, images in all) while a data set is measured; may throw to give up.</param>
    public Reference Get(Action<int, int>? beforeBatch = null) => reference ??= DatasetReference.Open(extractor, images, beforeBatch);

    public void Dispose() => reference?.Dispose();

    private static Reference ReadNamed(FeatureExtractor extractor, string name)
    {
        var folder = Path.Combine(extractor.OwnFolder, Folder);
        var path = Path.Combine(folder, name + ".npz");
        if (!SafeName().IsMatch(name) || !File.Exists(path))
        {
            throw new ExtractorUnavailableException($"The reference '{name}' was not found: there is no {name}.npz in {folder}. Put it there, or set evaluation.reference to {Dataset}.");
        }

        try
        {
            return new Reference(name, ExtractorWeights.HashOf(path), NpzStatistics.Read(path, extractor.FeatureCount), null);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ExtractorUnavailableException($"The reference {path} cannot be used: {error.Message}. It must be an .npz file with mu and sigma of {extractor.FeatureCount} features.", error);
        }
    }

    /// <summary>A file name, not a way out of the folder.</summary>
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex SafeName();
}
