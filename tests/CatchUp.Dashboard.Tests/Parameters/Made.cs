using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Parameters;

namespace CatchUp.Dashboard.Tests.Parameters;

/// <summary>Tables as the store reads them.</summary>
internal static class Made
{
    public static RunTerm Term(string text) => RunFilter.ReadTerm(text).Term!;

    /// <summary>Runs 1, 2, … with these numbers; a fingerprint says how each was measured.</summary>
    public static ParameterTable Table(string measure, IReadOnlyList<(double? Value, string? Fingerprint)> numbers, params ParameterKey[] keys) => new()
    {
        Total = numbers.Count,
        Terms = [Term(measure)],
        Runs = [.. numbers.Select((number, index) => new ParameterRun(index + 1, $"run {index + 1}", 1, index, null, [number.Value is { } value ? new MeasuredNumber(value, null, null, number.Fingerprint) : null]))],
        Keys = keys,
        Protocols = numbers.Select(number => number.Fingerprint).OfType<string>().Distinct().ToDictionary(kind => kind, kind => $"measured by {kind}"),
    };

    public static ParameterKey Numbers(string path, params double[] values) => new(path, false, [.. values.Select(value => new FeatureValue(value))]);

    public static ParameterKey Words(string path, params string?[] values) => new(path, false, [.. values.Select(value => value is null ? default : new FeatureValue(value))]);
}
