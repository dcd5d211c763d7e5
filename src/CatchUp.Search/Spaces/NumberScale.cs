namespace CatchUp.Search.Spaces;

/// <summary>How a number is drawn between its bounds.</summary>
public enum NumberScale
{
    /// <summary>Every stretch of the same length is equally likely.</summary>
    Uniform,

    /// <summary>Every stretch of the same ratio is equally likely.</summary>
    LogUniform,

    /// <summary>A bell about the mean, cut at the bounds.</summary>
    Normal,

    /// <summary>The natural logarithm has a bell about the mean, cut at the bounds.</summary>
    LogNormal,
}
