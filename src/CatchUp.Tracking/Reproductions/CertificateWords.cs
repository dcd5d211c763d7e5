using System.Globalization;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Says in a sentence what came of a comparison.</summary>
internal static class CertificateWords
{
    private const int CausesNamed = 2;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A certificate's result, and the sentence for it, from all else in it.</summary>
    public static Certificate Judge(Certificate certificate, bool isWhole)
    {
        var (points, evaluations, snapshots, samples) = (certificate.Points, certificate.Evaluations, certificate.Snapshots, certificate.Samples);
        var same = points.Identical + evaluations.Identical + snapshots.Identical + samples.Identical;
        var differs = points.Different + points.Missing + evaluations.Different + evaluations.Missing + snapshots.Different + samples.Different + samples.Missing > 0;
        var result = differs ? CertificateResult.Different
            : !certificate.Final ? CertificateResult.Pending
            : same == 0 ? CertificateResult.Nothing
            : isWhole && certificate.NotCompared.Count == 0 ? CertificateResult.SameBits
            : CertificateResult.Partial;
        return certificate with { Result = result, Verdict = Sentence(certificate, result) };
    }

    private static string Sentence(Certificate certificate, CertificateResult result) => result switch
    {
        CertificateResult.SameBits => $"Same bits: {Identical(certificate)} are identical.",
        CertificateResult.Partial => $"The same as far as it could be compared: {Identical(certificate)} are identical. What could not be compared is listed below.",
        CertificateResult.Pending when Identical(certificate) is { Length: > 0 } identical => $"The same bits so far: {identical} are identical. It is not finished.",
        CertificateResult.Pending => "Nothing to compare yet: the runs have recorded nothing in common.",
        CertificateResult.Nothing => certificate.Original.State is null ? $"Nothing was compared: run {certificate.Original.Id} was deleted before." : "Nothing was compared: the two runs recorded nothing in common.",
        _ => $"Not the same bits{(certificate.Final ? "" : " already")}: {string.Join(", ", Differing(certificate))}.{Distance(certificate)} {Cause(certificate)}",
    };

    private static string Identical(Certificate certificate)
    {
        string[] parts =
        [
            .. Part(certificate.Points.Identical, "point", "points"), .. Part(certificate.Evaluations.Identical, "evaluation", "evaluations"),
            .. Part(certificate.Snapshots.Identical, "snapshot", "snapshots"), .. Part(certificate.Samples.Identical, "sample grid", "sample grids"),
        ];
        return parts.Length < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";

        static string[] Part(long count, string one, string many) => count == 0 ? [] : [$"{count.ToString("N0", Culture)} {(count == 1 ? one : many)}"];
    }

    private static IEnumerable<string> Differing(Certificate certificate)
    {
        var (points, evaluations, snapshots, samples) = (certificate.Points, certificate.Evaluations, certificate.Snapshots, certificate.Samples);
        return
        [
            .. Of(points.Different, points.Identical + points.Different, "points"), .. Of(evaluations.Different, evaluations.Identical + evaluations.Different, "evaluations"),
            .. Of(snapshots.Different, snapshots.Identical + snapshots.Different, "snapshots"), .. Of(samples.Different, samples.Identical + samples.Different, "sample grids"),
            .. Only(points.Missing, "point", "points"), .. Only(evaluations.Missing, "evaluation", "evaluations"), .. Only(samples.Missing, "sample grid", "sample grids"),
        ];

        static string[] Of(long count, long all, string what) => count == 0 ? [] : [$"{count.ToString("N0", Culture)} of {all.ToString("N0", Culture)} {what} differ"];

        static string[] Only(long count, string one, string many) => count == 0 ? [] : [$"{count.ToString("N0", Culture)} {(count == 1 ? $"{one} is" : $"{many} are")} with one of the runs only"];
    }

    private static string Distance(Certificate certificate)
    {
        var first = certificate.Points.Metrics.Where(metric => metric.FirstStep is not null).MinBy(metric => metric.FirstStep);
        var widest = certificate.Points.Metrics.Where(metric => metric.LargestRelative is not null).MaxBy(metric => metric.LargestRelative);
        var begins = first is null ? "" : $" The first difference is in {first.Name} at step {first.FirstStep!.Value.ToString("N0", Culture)}.";
        return widest is not null ? $"{begins} The largest relative distance of points is {Number(widest.LargestRelative!.Value)}, in {widest.Name} at step {widest.LargestRelativeStep!.Value.ToString("N0", Culture)}."
            : certificate.Evaluations.LargestRelative is { } relative ? $"{begins} The largest relative distance of evaluations is {Number(relative)}."
            : begins;
    }

    private static string Cause(Certificate certificate)
    {
        var known = certificate.Environment.Where(EnvironmentWords.IsKnown).ToList();
        var causes = (known.Count > 0 ? known : certificate.Environment).Where(entry => entry.Key is not ("patch_bytes" or "source_changed")).Take(CausesNamed)
            .Select(entry => $"{EnvironmentWords.Label(entry.Key)} {EnvironmentWords.Value(entry.Key, entry.Original)} ≠ {EnvironmentWords.Value(entry.Key, entry.Reproduction)}").ToList();
        return causes.Count == 0
            ? "Nothing that is recorded of the two environments differs, so either something is computed in another order each time, or what was recorded has been changed since."
            : $"Likely because {string.Join(" and ", causes)}.";
    }

    /// <summary>Two digits say how far; more would say nothing more.</summary>
    private static string Number(double value) => value.ToString(value is >= 0.001 and < 1000 ? "0.####" : "0.0e0", Culture);
}
