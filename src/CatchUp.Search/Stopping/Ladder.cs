namespace CatchUp.Search.Stopping;

/// <summary>
/// Rungs at which trials are compared before they have spent everything: training steps, or evaluation samples where a FID of few
/// samples decides whether the full one is worth its cost.
/// </summary>
/// <param name="Resource">What is spent, and the ladder's name: <see cref="Steps"/>, <see cref="Samples"/>.</param>
/// <param name="Levels">Amounts at which trials are compared, rising; the full amount, at which a trial finishes, is not one of them.</param>
/// <param name="Reduction">η: of the trials at a rung the best 1/η go on. Above 1.</param>
public sealed record Ladder(string Resource, IReadOnlyList<long> Levels, double Reduction = 3)
{
    public const int MostLevels = 32;

    /// <summary>The ladder over training steps.</summary>
    public const string Steps = "steps";

    /// <summary>The ladder over images of a trial's last evaluation.</summary>
    public const string Samples = "samples";

    /// <summary>Rungs at least, least·η, least·η², … below the full amount.</summary>
    /// <param name="resource">What is spent.</param>
    /// <param name="least">The first rung's amount, at least 1.</param>
    /// <param name="full">The amount of a trial that finishes.</param>
    /// <param name="reduction">η.</param>
    public static Ladder Geometric(string resource, long least, long full, double reduction = 3)
    {
        var levels = new List<long>();
        for (var level = (double)least; level < full && levels.Count < MostLevels && reduction > 1; level *= reduction)
        {
            levels.Add((long)Math.Round(level));
        }

        return new Ladder(resource, levels, reduction);
    }

    /// <summary>What is wrong with the ladder, and how to mend it; null when nothing is.</summary>
    public string? Problem() =>
        Resource.Length is 0 or > 50 ? "A ladder is named after what is spent: steps or samples."
        : Levels.Count is 0 or > MostLevels ? $"A ladder has 1 to {MostLevels} rungs, each below the full amount. Begin lower."
        : Levels[0] < 1 || Levels.Zip(Levels.Skip(1)).Any(pair => pair.First >= pair.Second) ? "Rungs rise, and the first is at least 1."
        : !double.IsFinite(Reduction) || Reduction <= 1 ? "The reduction is above 1: of 3, a third goes on."
        : null;
}
