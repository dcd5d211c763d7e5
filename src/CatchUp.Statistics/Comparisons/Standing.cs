namespace CatchUp.Statistics.Comparisons;

/// <summary>Where a group stands in a <see cref="Ranking"/>.</summary>
public enum Standing
{
    /// <summary>It has the best mean of those with at least two finite values.</summary>
    Best,

    /// <summary>
    /// It cannot be told from the best: the interval of the difference includes 0, or lies on the other side of it, which happens where
    /// the common seeds say otherwise than all runs together.
    /// </summary>
    TiedWithBest,

    Worse,

    /// <summary>No test is possible, most often because it has one run only.</summary>
    Undecided,
}
