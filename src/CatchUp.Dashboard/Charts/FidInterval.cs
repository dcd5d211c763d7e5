namespace CatchUp.Dashboard.Charts;

/// <summary>What the interval of a number about images is over.</summary>
public enum FidInterval
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Other images of the same weights: the bootstrap interval of one evaluation. It says nothing about other seeds.</summary>
    Images,

    /// <summary>Other seeds: Student's interval of the mean over the runs.</summary>
    Seeds,
}
