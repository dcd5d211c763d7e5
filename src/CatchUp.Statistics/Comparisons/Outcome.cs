namespace CatchUp.Statistics.Comparisons;

/// <summary>What a comparison of A with B concludes.</summary>
public enum Outcome
{
    /// <summary>The runs do not allow a test: <see cref="Comparison.Reason"/> says why.</summary>
    Undecided,

    /// <summary>The interval of the difference includes 0.</summary>
    Tie,

    /// <summary>B's mean lies below A's.</summary>
    Lower,

    /// <summary>B's mean lies above A's.</summary>
    Higher,
}
