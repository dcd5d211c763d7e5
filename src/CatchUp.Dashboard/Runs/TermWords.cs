using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;

namespace CatchUp.Dashboard.Runs;

/// <summary>Values of terms as pages write them.</summary>
internal static class TermWords
{
    public static string Short(RunTerm term, TermValue value) => value.Value switch
    {
        null => "–",
        _ when value.Evaluation is { } evaluation => Figures.Value(evaluation),
        double seconds when term.Kind == TermKind.Duration => Figures.Duration(TimeSpan.FromSeconds(seconds)),
        double whole when term is RunTerm.Field && whole == Math.Floor(whole) && Math.Abs(whole) < 1e15 => Figures.Count((long)whole),
        double number => Figures.Number(number),
        bool truth => truth ? "yes" : "no",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };

    /// <summary>All digits, for hovering.</summary>
    public static string Exact(TermValue value) => value.Value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        var other => other?.ToString() ?? "",
    };
}
