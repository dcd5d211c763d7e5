namespace CatchUp.Dashboard.Charts;

/// <summary>How a line is told from others.</summary>
/// <param name="Colour">0 to 7: the variable <c>--series-n</c> of the theme.</param>
/// <param name="Dash">0 is solid; the others are dash patterns.</param>
public readonly record struct SeriesStyle(int Colour, int Dash)
{
    /// <summary>For style attributes: "var(--series-3)".</summary>
    public string Css => $"var(--series-{Colour})";
}
