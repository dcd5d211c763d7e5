namespace CatchUp.Tracking.Reproductions;

/// <summary>What can be said of repeating a run before it is done.</summary>
public sealed record ReproductionOutlook
{
    /// <summary>Why it cannot be repeated at all, and what to do instead; null: it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why other bits may come of it, or not all can be compared. Empty: nothing that is known speaks against the same bits.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
