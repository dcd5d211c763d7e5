namespace CatchUp.Tracking.Metrics;

/// <summary>Curves of one metric of several runs, read at once.</summary>
public sealed record CurveQuestion
{
    public const int MaximumRuns = 1000;

    /// <summary>Runs of one set have buckets of the same width, so that bucket k of each is about the same steps.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Sets { get; init; }

    public required string Metric { get; init; }

    public CurveAxis Axis { get; init; }

    /// <summary>From here on the axis; null: from the beginning.</summary>
    public double? From { get; init; }

    public double? To { get; init; }

    /// <summary>For each run at most.</summary>
    public int Buckets { get; init; } = 1000;
}
