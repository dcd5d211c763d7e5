namespace CatchUp.Statistics.Comparisons;

/// <summary>How two groups of runs were compared.</summary>
public enum ComparisonMethod
{
    /// <summary>Not at all: <see cref="Comparison.Reason"/> says why.</summary>
    None,

    /// <summary>Student's t-test of the differences between runs with the same seed (Student 1908).</summary>
    Paired,

    /// <summary>Welch's t-test of all runs, whose spread may differ between the groups (Welch 1947).</summary>
    Welch,
}
