namespace CatchUp.Tracking.Searches;

/// <summary>How an objective is made of what a trial measures.</summary>
public enum SearchMeasure
{
    /// <summary>The metric at one NFE.</summary>
    Point,

    /// <summary>The area under the metric over log₂ NFE.</summary>
    Area,

    /// <summary>The best of several NFEs.</summary>
    Best,

    /// <summary>Time on a slot, over all attempts.</summary>
    GpuHours,
}
