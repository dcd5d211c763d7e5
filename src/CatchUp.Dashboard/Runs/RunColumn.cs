using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Filters;

namespace CatchUp.Dashboard.Runs;

/// <summary>A column of a list of runs.</summary>
/// <param name="Id">As addresses write it: a term, or "progress" or "parameters".</param>
/// <param name="Title">Its head.</param>
/// <param name="Term">What it sorts by; null where nothing orders it.</param>
internal sealed record RunColumn(string Id, string Title, RunTerm? Term)
{
    public const int Most = 30;

    /// <summary>What lists show unless told otherwise. Those of sweeps have a column for each searched key in place of the last but one.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["name", "state", "sweep", "progress", "loss", "best", "parameters", "updated"];

    /// <summary>Columns that are drawn otherwise than their values.</summary>
    private static readonly Dictionary<string, string> Drawn = new()
    {
        ["name"] = "name", ["state"] = "state", ["sweep"] = "sweep", ["progress"] = "progress", ["best"] = "best", ["parameters"] = "parameters", ["updated"] = "updated", ["tag"] = "tag",
    };

    /// <summary>What its cells are.</summary>
    public string Kind => Drawn.GetValueOrDefault(Id) ?? (IsNumber ? "number" : "key");

    /// <summary>Pixels that its head and usual values need; null for columns that are drawn, whose widths the style sheet has.</summary>
    public int? Width => IsRead ? Math.Clamp((8 * Title.Length) + 34, Term is RunTerm.Evaluation or { Kind: TermKind.Time } ? 124 : 84, 220) : null;

    public bool IsNumber => Term?.Kind is TermKind.Number or TermKind.Duration or TermKind.Time;

    /// <summary>Its value is no part of what every list reads.</summary>
    public bool IsRead => !Drawn.ContainsKey(Id);

    public string Tip => Term is null || Id is "progress" ? "" : Term is RunTerm.Key ? $"{Term}: {Term.Description}" : Term.Description;

    /// <summary>The columns of an address; what cannot be read is left out.</summary>
    public static IReadOnlyList<RunColumn> Parse(IEnumerable<string> ids, string bestTitle)
    {
        var parsed = ids.Select(id => (Id: id, Term: id switch { "parameters" => null, "progress" => RunTerm.Named("step"), _ => RunFilter.ReadTerm(id).Term })).Where(pair => pair.Id == "parameters" || pair.Term is not null).Take(Most).ToList();
        string[] keys = [.. parsed.Select(pair => pair.Term).OfType<RunTerm.Key>().Select(key => key.Text)];
        return [.. parsed.Select(pair => new RunColumn(pair.Id is "progress" or "parameters" ? pair.Id : pair.Term!.Text, TitleOf(pair.Id, pair.Term, keys, bestTitle), pair.Term)).DistinctBy(column => column.Id)];
    }

    private static string TitleOf(string id, RunTerm? term, string[] keys, string bestTitle) => term switch
    {
        _ when id is "progress" => "Progress",
        null => "Parameters",
        RunTerm.Field { Of.Name: "name" } => "Run",
        RunTerm.Field { Of.Name: "best" } => bestTitle,
        RunTerm.Field { Of.Name: "tag" } => "Tags",
        RunTerm.Field { Of.Name: "deviceHours" } => "Device hours",
        RunTerm.Field field => char.ToUpperInvariant(field.Of.Name[0]) + field.Of.Name[1..],
        RunTerm.Key key => SweptKey.ShortNameOf(key.Text, keys),
        RunTerm.Metric metric => metric.Part == CurvePart.Last ? metric.Name : $"{metric.Name} {PartOf(metric)}",
        RunTerm.Evaluation evaluation => $"{MetricWord.Of(evaluation.Name)} @ NFE {Shell.Figures.Count(evaluation.Nfe)}{(evaluation.Solver is null or "euler" ? "" : $" {evaluation.Solver}")}{(evaluation.Head == 1 ? "" : $" head {evaluation.Head}")}{evaluation.Part switch { EvaluationPart.Best => " best", EvaluationPart.At => $" step {Shell.Figures.Count(evaluation.Step ?? 0)}", _ => "" }}",
        _ => term.Text,
    };

    private static string PartOf(RunTerm.Metric metric) => metric.Part == CurvePart.At ? $"step {Shell.Figures.Count(metric.Step ?? 0)}" : metric.Part.ToString().ToLowerInvariant();
}
