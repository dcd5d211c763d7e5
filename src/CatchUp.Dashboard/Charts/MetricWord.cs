namespace CatchUp.Dashboard.Charts;

/// <summary>Metrics of evaluations as people write them.</summary>
internal static class MetricWord
{
    public static string Of(string metric) => metric switch
    {
        "precision" => "Precision",
        "recall" => "Recall",
        "inception-score" => "Inception score",
        "fid-infinity" => "FID∞",
        _ => metric.ToUpperInvariant(),
    };
}
