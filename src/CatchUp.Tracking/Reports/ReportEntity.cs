namespace CatchUp.Tracking.Reports;

/// <summary>A text about runs.</summary>
internal sealed class ReportEntity
{
    public long Id { get; set; }

    public required string Title { get; set; }

    /// <summary>Markdown, with its blocks.</summary>
    public required string Text { get; set; }

    public string? Owner { get; set; }

    /// <summary>Who saved it last; null where nobody signs in.</summary>
    public string? EditedBy { get; set; }

    /// <summary>One more with every save: a save that names another one is refused.</summary>
    public int Version { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}
