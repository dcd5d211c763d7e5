using CatchUp.Statistics.Samples;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Runs;

/// <summary>What a group of runs has of a term.</summary>
/// <param name="Summary">Of numbers, null when none is finite: over all runs of the group that have one, and of evaluations over those measured like most of them.</param>
/// <param name="Common">The value, when all that have one have the same.</param>
/// <param name="Distinct">How many values there are.</param>
/// <param name="Unlike">Runs whose number was measured otherwise than most and is left out.</param>
/// <param name="Protocol">How the numbers were measured.</param>
public sealed record GroupValue(SampleSummary? Summary, TermValue Common, int Distinct, int Unlike = 0, string? Protocol = null)
{
    public static GroupValue None { get; } = new(null, TermValue.None, 0);

    internal static GroupValue Of(RunTerm term, IReadOnlyList<TermValue> values)
    {
        var present = values.Where(value => value.Value is not null).ToList();
        var most = present.Select(value => value.Evaluation?.Fingerprint).OfType<string>().GroupBy(kind => kind).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
        var alike = most is null ? present : present.FindAll(value => value.Evaluation?.Fingerprint == most);
        var distinct = alike.Select(value => value.Value).Distinct().Count();
        var numbers = term.Kind is TermKind.Number or TermKind.Duration ? SampleSummary.Of(alike.Select(value => value.Number).OfType<double>()) : null;
        return new(numbers is { Count: > 0 } ? numbers : null, distinct == 1 ? alike[0] : TermValue.None, distinct, present.Count - alike.Count, most is null ? null : alike[0].Evaluation!.Protocol);
    }
}
