namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>card.json: what a feature extractor is, where it comes from, and the hashes of its files.</summary>
public sealed record ExtractorCard
{
    /// <summary>The name that every number measured with it carries.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>How it was made, so that it can be made again.</summary>
    public required string MadeBy { get; init; }

    /// <summary>Share of the test images that its classifier names right.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>What happens to an image before the network.</summary>
    public required string Preprocessing { get; init; }

    public required int Features { get; init; }

    /// <summary>SHA-256 of weights.safetensors.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>What images are compared with, in words.</summary>
    public required string Reference { get; init; }

    public required int ReferenceImages { get; init; }

    /// <summary>The reference's file, beside the card.</summary>
    public required string ReferenceFile { get; init; }

    public required string ReferenceSha256 { get; init; }
}
