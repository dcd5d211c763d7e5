using System.Globalization;
using System.Text.Json.Serialization;

namespace CatchUp.Search.Methods;

/// <summary>Why a configuration was proposed, in numbers and, made from them, in words.</summary>
public sealed record ProposalReason
{
    public required ReasonKind Kind { get; init; }

    /// <summary>Whether TPE proposed it before it knew enough results to model.</summary>
    public bool StartUp { get; init; }

    /// <summary>Results known when it was proposed, for a start-up: <c>Known</c> of <c>Needed</c>.</summary>
    public int? Known { get; init; }

    public int? Needed { get; init; }

    /// <summary>Number of the point of Sobol's sequence.</summary>
    public long? Point { get; init; }

    /// <summary>Trials in the good group, in the other, and among the latter those still running that are counted as no better.</summary>
    public int? Good { get; init; }

    public int? Others { get; init; }

    public int? Pending { get; init; }

    /// <summary>Candidates drawn, of which this was the best.</summary>
    public int? Candidates { get; init; }

    /// <summary>Natural logarithm of good density over other density at the configuration, summed over groups of parameters that exist together.</summary>
    public double? LogRatio { get; init; }

    /// <summary>The same for each parameter by itself, as a ratio: above 1 the good trials lie more densely there.</summary>
    public IReadOnlyDictionary<string, double>? Ratios { get; init; }

    /// <summary>Draws thrown away because they missed a constraint or had been tried.</summary>
    public int Rejected { get; init; }

    [JsonIgnore]
    public string Text
    {
        get
        {
            var text = Kind switch
            {
                ReasonKind.Grid => "Next configuration of the grid.",
                ReasonKind.Exhausted => "Every configuration that could be found has been tried.",
                ReasonKind.QuasiRandom => Say($"{Start()}Point {Point} of Sobol's sequence, which fills the space evenly."),
                ReasonKind.Random => Say($"{Start()}Drawn at random."),
                _ => Say($"Best of {Candidates} candidates: the {Good} best trials lie {Math.Exp(LogRatio ?? 0):0.##} times as densely here as the {Others} others{(Pending > 0 ? Say($" ({Pending} of them still running)") : "")}.{Strongest()}"),
            };
            return Rejected == 0 ? text : Say($"{text} {Rejected:N0} draws before it missed a constraint or had been tried.");
        }
    }

    private string Start() => StartUp ? Say($"Start-up ({Known} of {Needed} results known). ") : "";

    private string Strongest()
    {
        var strongest = (Ratios ?? new Dictionary<string, double>()).OrderByDescending(pair => Math.Abs(Math.Log(pair.Value))).Take(3).Select(pair => Say($"{pair.Key} × {pair.Value:0.##}")).ToList();
        return strongest.Count == 0 ? "" : $" By parameter: {string.Join(", ", strongest)}.";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
