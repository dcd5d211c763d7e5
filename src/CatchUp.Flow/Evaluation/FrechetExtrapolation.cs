namespace CatchUp.Flow.Evaluation;

/// <summary>
/// The Fréchet distance that infinitely many generated samples would have. Over n samples it is too large by about c/n, so a straight line
/// through the distances of n = N, N/2, N/3 and N/4 samples over 1/n is followed to 1/n = 0 (Chong and Forsyth 2020).
/// </summary>
/// <remarks>
/// Each n takes the mean over the disjoint parts of that size, so every sample counts at every n. The finiteness of the reference is left
/// as it is. The line is straight only where each part has more samples than there are dimensions.
/// </remarks>
public static class FrechetExtrapolation
{
    /// <summary>Into how many blocks of equal size the samples are gathered: halves, thirds and quarters are made of them.</summary>
    public const int Blocks = 12;

    private const int Levels = 4;

    /// <summary>The fewest samples for which the line is straight.</summary>
    /// <param name="dimensions">Features per sample.</param>
    public static long FewestSamples(long dimensions) => Levels * (dimensions + 1);

    /// <summary>The extrapolated distance; it may fall a little below 0 for equal distributions.</summary>
    /// <param name="blocks">Statistics of <see cref="Blocks"/> parts of about equal size of the generated samples, drawn independently.</param>
    /// <param name="reference">What they are compared with.</param>
    public static double Of(IReadOnlyList<FeatureStatistics> blocks, FeatureStatistics reference)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Count, Blocks);
        var line = Enumerable.Range(1, Levels).Select(parts => Level(blocks, parts, reference)).ToList();

        // Least squares: the line goes through the centre with the slope cov(x, y) / var(x).
        var (x, y) = (line.Average(point => point.InverseSamples), line.Average(point => point.Distance));
        var slope = line.Sum(point => (point.InverseSamples - x) * (point.Distance - y)) / line.Sum(point => (point.InverseSamples - x) * (point.InverseSamples - x));
        return y - slope * x;
    }

    /// <summary>The mean over the parts of 1/n and of the distance.</summary>
    private static (double InverseSamples, double Distance) Level(IReadOnlyList<FeatureStatistics> blocks, int parts, FeatureStatistics reference)
    {
        var measured = blocks.Chunk(Blocks / parts).Select(part =>
        {
            using var merged = new FeatureStatistics(reference.Dimensions);
            foreach (var block in part)
            {
                merged.Add(block);
            }

            return (InverseSamples: 1.0 / merged.Count, Distance: FrechetDistance.Between(merged, reference));
        }).ToList();
        return (measured.Average(part => part.InverseSamples), measured.Average(part => part.Distance));
    }
}
