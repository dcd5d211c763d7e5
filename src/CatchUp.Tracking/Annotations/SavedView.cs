namespace CatchUp.Tracking.Annotations;

/// <summary>A list of runs as someone arranged it.</summary>
/// <param name="Address">The query of the page's address, with its question mark; empty for the list as it is at first.</param>
public sealed record SavedView(long Id, string Name, string Address, string? Owner, DateTimeOffset UpdatedAt);
