namespace CatchUp.Dashboard.Sweeps;

/// <summary>A row of the form that may still be incomplete; only complete rows are a part of the draft.</summary>
public sealed class DraftRow(string path, string text)
{
    public string Path { get; set; } = path;

    public string Text { get; set; } = text;

    public bool IsComplete => Path.Trim().Length > 0 && Text.Trim().Length > 0;
}
