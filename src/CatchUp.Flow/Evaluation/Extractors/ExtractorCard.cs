namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>
/// card.json: what a feature extractor is, where it comes from, and the hashes of its files. A card for weights that do not ship needs
/// <see cref="Weights"/> and <see cref="WeightsSha256"/> only.
/// </summary>
public sealed record ExtractorCard
{
    /// <summary>For readers, as are the next four: the folder's name says which extractor it is.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>How it was made, so that it can be made again.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Share of the test images that its classifier names right, where that was measured.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>What happens to an image before the network.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>The weights: a file beside the card, a path, or an http(s) address from which they are fetched once.</summary>
    public string Weights { get; init; } = FeatureExtractor.WeightsFile;

    /// <summary>Other hosts that the weights' server may send on to.</summary>
    public IReadOnlyList<string> WeightsHosts { get; init; } = [];

    /// <summary>SHA-256 of the weights, lower-case hexadecimal.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>What images are compared with, in words; without it, with the data set.</summary>
    public string? Reference { get; init; }

    public int ReferenceImages { get; init; }

    /// <summary>The reference's file, beside the card.</summary>
    public string? ReferenceFile { get; init; }

    public string? ReferenceSha256 { get; init; }
}
