namespace CatchUp.Tracking.Annotations;

/// <summary>A list of runs as someone arranged it, kept under a name.</summary>
internal sealed class SavedViewEntity
{
    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>The query of the page's address: filter, columns, order, groups.</summary>
    public required string Address { get; set; }

    public string? Owner { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}
