using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Samples;

/// <summary>Between what a trainer tells of the pictures beside a grid and their rows.</summary>
internal static class SamplePictures
{
    /// <summary>The rows of a grid that can be right; of the others <paramref name="warn"/> is told.</summary>
    public static IEnumerable<SamplePictureEntity> Of(SamplesSaved samples, Action<string> warn)
    {
        var cells = samples.Rows * (long)samples.Columns;
        if (samples.Neighbours is { } near)
        {
            if (CleanText.IsSha256(near.Sha256) && near.Images > 0 && near.Indices.Count == near.Distances.Count && near.Indices.Count > 0 && near.Indices.Count <= cells && near.Indices.All(index => index >= 0))
            {
                var details = new NearestImages(
                    CleanText.Line(near.Extractor, 200), CleanText.Line(near.Dataset, 200), near.Images, near.Indices, [.. near.Distances.Select(Finite)], Finite(near.Typical));
                yield return Row(SamplePictureKind.Neighbours, near.Sha256, near.Bytes, details);
            }
            else
            {
                warn("The nearest training images");
            }
        }

        if (samples.Trajectory is { } path)
        {
            if (CleanText.IsSha256(path.Sha256) && path.Cells > 0 && path.Cells <= cells && path.Times.Count is > 0 and <= MaximumTimes && path.Times.All(double.IsFinite))
            {
                yield return Row(SamplePictureKind.Trajectory, path.Sha256, path.Bytes, new SampleTrajectories(path.Cells, path.Times));
            }
            else
            {
                warn("The ways from noise to image");
            }
        }
    }

    public static T? Read<T>(IEnumerable<SamplePictureEntity> pictures, SamplePictureKind kind)
        where T : class
        => pictures.FirstOrDefault(picture => picture.Kind == kind) is { } picture ? JsonSerializer.Deserialize<T>(picture.Details, ContractJson.Options) : null;

    private const int MaximumTimes = 1000;

    private static SamplePictureEntity Row(SamplePictureKind kind, string sha256, long bytes, object details)
        => new() { Kind = kind, Sha256 = sha256, Bytes = bytes, Details = JsonSerializer.Serialize(details, details.GetType(), ContractJson.Options) };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
