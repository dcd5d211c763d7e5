namespace CatchUp.Dashboard.Charts;

/// <summary>Gives each run of a comparison its colour: the same set of runs looks the same on every page.</summary>
public static class SeriesPalette
{
    /// <summary>Okabe and Ito's colours, which colour-blind people can tell apart.</summary>
    public const int Colours = 8;

    /// <summary>A run's own colour follows from its id; where two runs of the set want the same, the younger takes the next free one; from the ninth on lines are dashed.</summary>
    public static IReadOnlyDictionary<long, SeriesStyle> Assign(IEnumerable<long> runs)
    {
        var styles = new Dictionary<long, SeriesStyle>();
        var taken = new HashSet<SeriesStyle>();
        foreach (var run in runs.Distinct().Order())
        {
            var wanted = (int)(((run % Colours) + Colours) % Colours);
            var dash = styles.Count / Colours;
            var colour = Enumerable.Range(0, Colours).Select(offset => (wanted + offset) % Colours).First(candidate => !taken.Contains(new SeriesStyle(candidate, dash)));
            var style = new SeriesStyle(colour, dash);
            taken.Add(style);
            styles[run] = style;
        }

        return styles;
    }

    /// <summary>For lines that are not runs: in order.</summary>
    public static SeriesStyle At(int index) => new(index % Colours, index / Colours);
}
