using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>The numbers of the paper on Catch-Up Distillation that its abstract states, and when they may stand beside one's own.</summary>
public static class PublishedResults
{
    private const string Paper = "Catch-Up Distillation: You Only Need to Train Once for Accelerating Sampling, arXiv 2305.10769 (2023), abstract";

    public static IReadOnlyList<PublishedResult> All { get; } =
    [
        new("cifar10", "Catch-Up Distillation, one training session", 15, "fid", 2.80, "inception-tf", 50_000, Paper),
        new("cifar10", "Catch-Up Distillation, additional training", 1, "fid", 3.37, "inception-tf", 50_000, Paper),
    ];

    /// <summary>Those measured as the drawn numbers are, on the same images.</summary>
    public static IReadOnlyList<PublishedResult> ComparableWith(FidProtocol protocol, IReadOnlyList<DataSpecification> data) => [.. All.Where(result => Obstacles(result, protocol, data).Count == 0)];

    /// <summary>Why none of them may stand beside the drawn numbers; each reason once.</summary>
    public static IReadOnlyList<string> WhyNone(FidProtocol protocol, IReadOnlyList<DataSpecification> data) => [.. All.SelectMany(result => Obstacles(result, protocol, data)).Distinct()];

    private static List<string> Obstacles(PublishedResult result, FidProtocol protocol, IReadOnlyList<DataSpecification> data)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var obstacles = new List<string>();
        var known = KnownDataset.Find(result.Dataset)!;
        if (data.FirstOrDefault(one => one.Dataset != result.Dataset) is { } other)
        {
            obstacles.Add($"They are of {result.Dataset}; these runs learn from {other.Dataset}.");
        }
        else if (data.Any(one => KnownDataset.Find(one) is not { } shape || shape.Side != known.Side || shape.Channels != known.Channels))
        {
            obstacles.Add($"They are of images of {known.Side} × {known.Side} pixels with {known.Channels} channels; these runs change the size.");
        }

        if (protocol.Metric != result.Metric)
        {
            obstacles.Add($"They are {MetricWord.Of(result.Metric)}; here {MetricWord.Of(protocol.Metric)} is drawn.");
        }

        if (protocol.Example is { } example)
        {
            if (example.Extractor != result.Extractor)
            {
                obstacles.Add($"They were measured by {result.Extractor}; these by {example.Extractor}.");
            }

            if (example.Samples != result.Samples)
            {
                obstacles.Add($"They are over {Figures.Count(result.Samples)} images; these over {Figures.Count(example.Samples)}.");
            }

            // What a reference of one's own was made of is known by its name only.
            if (!example.Reference.StartsWith(result.Dataset, StringComparison.OrdinalIgnoreCase))
            {
                obstacles.Add($"They compare with the training images of {result.Dataset}; these with {example.Reference}.");
            }

            if (example.Quantisation != "8 bit")
            {
                obstacles.Add($"They are of images of 8 bit; these of {example.Quantisation}.");
            }
        }

        return obstacles;
    }
}
