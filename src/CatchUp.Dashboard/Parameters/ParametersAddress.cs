using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Parameters;

namespace CatchUp.Dashboard.Parameters;

/// <summary>How the parameters of runs are looked at, as addresses say it, beside which runs they are. What cannot be read is left out.</summary>
public sealed record ParametersAddress
{
    public const int MostAxes = 24;

    /// <summary>The number that it is about; null: the usual one.</summary>
    public RunTerm? Measure { get; init; }

    /// <summary>Ids of the axes that are drawn; null: the usual ones.</summary>
    public IReadOnlyList<string>? Axes { get; init; }

    public ParameterBrush Brush { get; init; } = ParameterBrush.None;

    /// <summary>Ids of axes for the scatter plot; null: the usual ones.</summary>
    public string? X { get; init; }

    public string? Y { get; init; }

    public string? Colour { get; init; }

    /// <summary>Null: as the axis is anyway.</summary>
    public bool? LogX { get; init; }

    public bool? LogY { get; init; }

    /// <summary>Importance is that among the chosen runs, not among all.</summary>
    public bool OfChosen { get; init; }

    /// <summary>Terms of axes that are read beside the measure.</summary>
    public IReadOnlyList<RunTerm> Terms => [.. new[] { X, Y, Colour }.OfType<string>().Select(text => RunFilter.ReadTerm(text).Term).OfType<RunTerm>().Where(ParameterStore.IsNumber).Where(term => term != Measure).DistinctBy(term => term.Text)];

    public static ParametersAddress Parse(string uri)
    {
        var query = new AddressQuery(uri);
        return new()
        {
            Measure = query.Value("measure") is { } measure && RunFilter.ReadTerm(measure).Term is { } term && ParameterStore.IsNumber(term) ? term : null,
            Axes = query.Value("keys") is { } axes ? [.. axes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(MostAxes)] : null,
            Brush = ParameterBrush.Parse(query.Value("brush")),
            X = query.Value("scatter.x"),
            Y = query.Value("scatter.y"),
            Colour = query.Value("scatter.colour"),
            LogX = Scale(query.Value("scatter.xscale")),
            LogY = Scale(query.Value("scatter.yscale")),
            OfChosen = query.Value("importance") == "chosen",
        };

        static bool? Scale(string? text) => text switch { "log" => true, "linear" => false, _ => null };
    }

    /// <summary>Its parts of an address; null takes a part out.</summary>
    public Dictionary<string, object?> ToParameters() => new()
    {
        ["measure"] = Measure?.Text,
        ["keys"] = Axes is null ? null : string.Join(',', Axes),
        ["brush"] = Brush.ToAddress(),
        ["scatter.x"] = X,
        ["scatter.y"] = Y,
        ["scatter.colour"] = Colour,
        ["scatter.xscale"] = Scale(LogX),
        ["scatter.yscale"] = Scale(LogY),
        ["importance"] = OfChosen ? "chosen" : null,
    };

    private static string? Scale(bool? log) => log switch { true => "log", false => "linear", null => null };
}
