using CatchUp.Contracts.Artifacts;
using CatchUp.Flow.Pictures;
using CatchUp.Tracking.Samples;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Compares grids of images, pixel by pixel where their files differ.</summary>
internal static class SampleComparison
{
    private const long LargestFile = 64 << 20;

    /// <summary>So many unlike grids are measured; the rest are counted.</summary>
    private const int MostMeasured = Certificate.MostListed;

    public static async Task<(ComparedSamples Samples, IReadOnlyList<string> NotCompared)> CompareAsync(
        ArtifactDirectory artifacts, IReadOnlyList<SampleEntity> original, IReadOnlyList<SampleEntity> reproduction, long reach, CancellationToken cancellation)
    {
        var right = reproduction.ToDictionary(IdentityOf);
        int identical = 0, different = 0, missing = 0, unreadable = 0, unmeasured = 0;
        List<ComparedSample> differences = [];
        foreach (var grid in original)
        {
            if (!right.Remove(IdentityOf(grid), out var again))
            {
                missing += grid.Step <= reach ? 1 : 0;
            }
            else if (grid.Sha256 == again.Sha256)
            {
                identical++;
            }
            else if (differences.Count == MostMeasured)
            {
                different++;
                unmeasured++;
            }
            else if (await ReadAsync(artifacts, grid.Sha256, cancellation) is not { } picture || await ReadAsync(artifacts, again.Sha256, cancellation) is not { } other || (picture.Width, picture.Height, picture.Channels) != (other.Width, other.Height, other.Channels))
            {
                unreadable++;
            }
            else
            {
                var (mean, equal) = Measure(picture, other);
                if (equal == 1)
                {
                    identical++;
                    continue;
                }

                different++;
                differences.Add(new ComparedSample(grid.Step, grid.Solver, grid.Nfe, grid.Head, grid.NoiseBank, grid.Id, again.Id, mean, equal));
            }
        }

        missing += right.Values.Count(grid => grid.Step <= reach);
        List<string> notCompared = [];
        if (unreadable > 0)
        {
            notCompared.Add($"{unreadable:N0} pair{(unreadable == 1 ? "" : "s")} of sample grids: their files differ, and cannot be read or have other sizes.");
        }

        if (unmeasured > 0)
        {
            notCompared.Add($"How far {unmeasured:N0} more pairs of sample grids are apart: the first {MostMeasured:N0} that differ are measured.");
        }

        return (new ComparedSamples { Identical = identical, Different = different, Missing = missing, Unreadable = unreadable, Differences = differences }, notCompared);
    }

    private static (int, string, int, int, int) IdentityOf(SampleEntity grid) => (grid.Step, grid.Solver, grid.Nfe, grid.Head, grid.NoiseBank);

    private static async Task<Picture?> ReadAsync(ArtifactDirectory artifacts, string sha256, CancellationToken cancellation)
    {
        if (artifacts.Open(sha256) is not { } file)
        {
            return null;
        }

        await using (file)
        {
            if (file.Length > LargestFile)
            {
                return null;
            }

            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellation);
            try
            {
                return PngDecoder.Decode(bytes);
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }
    }

    private static (double Mean, double Equal) Measure(Picture left, Picture right)
    {
        var (sum, equal, pixels) = (0L, 0L, left.Width * left.Height);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var distance = 0;
            for (var channel = 0; channel < left.Channels; channel++)
            {
                var place = (pixel * left.Channels) + channel;
                distance += Math.Abs(left.Pixels[place] - right.Pixels[place]);
            }

            sum += distance;
            equal += distance == 0 ? 1 : 0;
        }

        return ((double)sum / (pixels * left.Channels), (double)equal / pixels);
    }
}
