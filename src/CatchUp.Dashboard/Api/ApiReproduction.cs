using CatchUp.Tracking.Reproductions;

namespace CatchUp.Dashboard.Api;

/// <summary>A run that is queued again, or what stands in the way of that.</summary>
internal sealed record ApiReproduction
{
    /// <summary>The queued run; absent when none was asked for.</summary>
    public long? Id { get; init; }

    public long ReproducesRunId { get; init; }

    /// <summary>Why it cannot be repeated at all; absent when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why other bits may come of it, or not all can be compared.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Where its certificate is.</summary>
    public string? Certificate { get; init; }

    public static ApiReproduction From(long original, ReproductionOutlook outlook, long? queued = null) => new()
    {
        Id = queued,
        ReproducesRunId = original,
        Refusal = outlook.Refusal,
        Notes = outlook.Notes,
        Certificate = queued is { } run ? $"/api/v1/runs/{run}/certificate" : null,
    };
}
