using System.Globalization;

namespace CatchUp.Contracts.Journal;

/// <summary>What a number is called where it stands without its protocol.</summary>
public static class MetricLabel
{
    private const string PublishedExtractor = "inception-tf";
    private const int PublishedSamples = 50_000;

    /// <summary>
    /// The metric alone only where it is the published one: the features of inception-tf over 50,000 images. Any other extractor or sample
    /// count is part of the label, so that two numbers that cannot be compared never have the same.
    /// </summary>
    public static string Of(string metric, string extractor, int samples) => extractor == PublishedExtractor && samples == PublishedSamples
        ? metric
        : string.Create(CultureInfo.InvariantCulture, $"{metric} ({extractor}, {samples:#,0} samples)");

    /// <summary>Whether a larger number of this metric is the better one; distances are better when they are small.</summary>
    public static bool LargerIsBetter(string metric) => metric is "precision" or "recall" or "inception-score";
}
