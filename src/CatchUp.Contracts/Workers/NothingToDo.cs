namespace CatchUp.Contracts.Workers;

/// <summary>No run fits the slot now.</summary>
public sealed record NothingToDo
{
    /// <summary>Why, for the log.</summary>
    public string? Reason { get; init; }
}
