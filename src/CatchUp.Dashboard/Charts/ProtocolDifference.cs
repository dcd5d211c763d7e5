using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Charts;

/// <summary>A part in which two protocols differ, so that numbers of one cannot be ranked with those of the other.</summary>
/// <param name="Part">"sample count".</param>
/// <param name="Value">What it is here.</param>
/// <param name="Other">What it is there.</param>
public sealed record ProtocolDifference(string Part, string Value, string Other)
{
    /// <summary>All parts in which the first differs from the second.</summary>
    public static IReadOnlyList<ProtocolDifference> Between(FidProtocol here, FidProtocol there)
    {
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(there);
        if (here.Key == there.Key || here.Example is not { } one || there.Example is not { } other)
        {
            return [];
        }

        var differences = new List<ProtocolDifference>();
        Compare("metric", MetricWord.Of(here.Metric), MetricWord.Of(there.Metric));
        Compare("extractor", one.Extractor, other.Extractor);
        if (one.Extractor == other.Extractor)
        {
            Compare("weights of the extractor", Short(one.ExtractorSha256), Short(other.ExtractorSha256));
        }

        Compare("sample count", Figures.Count(one.Samples), Figures.Count(other.Samples));
        Compare("reference", one.Reference, other.Reference);
        if (one.Reference == other.Reference)
        {
            Compare("contents of the reference", Short(one.ReferenceSha256), Short(other.ReferenceSha256));
        }

        Compare("quantisation", one.Quantisation, other.Quantisation);
        Compare("noise bank", one.NoiseBank.ToString(CultureInfo.InvariantCulture), other.NoiseBank.ToString(CultureInfo.InvariantCulture));
        Compare("gate", GateOf(one), GateOf(other));
        return differences.Count > 0 ? differences : [new("fingerprint", here.Fingerprint, there.Fingerprint)];

        void Compare(string part, string value, string another)
        {
            if (value != another)
            {
                differences.Add(new(part, value, another));
            }
        }
    }

    /// <summary>"sample count 100 instead of 500, noise bank 2 instead of 1".</summary>
    public static string Words(FidProtocol here, FidProtocol there) =>
        string.Join(", ", Between(here, there).Select(difference => $"{difference.Part} {difference.Value} instead of {difference.Other}"));

    private static string GateOf(Evaluation evaluation) => evaluation.Gate == 0 ? "none" : Figures.Count(evaluation.Gate);

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "…" : hash.Length == 0 ? "unknown" : hash;
}
