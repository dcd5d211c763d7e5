using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// What is kept of the features of generated images while they stream by: statistics of all of them, and the features of the first
/// <see cref="KeptSamples"/> for the measures that compare samples. Memory does not grow with the number of images beyond that.
/// </summary>
/// <remarks>Generated images are independent draws in the order of their noise bank, so the first of them are a fair and repeatable sample.</remarks>
public sealed class GeneratedFeatures : IDisposable
{
    /// <summary>How many images' features are kept at most.</summary>
    public const int KeptSamples = 10_000;

    private readonly long expected;
    private readonly int keepAtMost;
    private readonly FeatureStatistics[] blocks;
    private readonly List<Tensor> kept = [];
    private long keptCount;

    /// <param name="dimensions">Features per image.</param>
    /// <param name="expected">How many images will come.</param>
    /// <param name="extrapolate">Whether <see cref="Blocks"/> are wanted: they take twelve times the memory of one covariance.</param>
    /// <param name="keepAtMost">How many images' features are kept.</param>
    public GeneratedFeatures(long dimensions, long expected, bool extrapolate, int keepAtMost = KeptSamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expected, 1);
        (this.expected, this.keepAtMost) = (expected, keepAtMost);
        blocks = [.. Enumerable.Range(0, extrapolate ? FrechetExtrapolation.Blocks : 1).Select(_ => new FeatureStatistics(dimensions))];
    }

    /// <summary>Images taken in.</summary>
    public long Count { get; private set; }

    /// <summary>Statistics of equal parts of the images, in their order.</summary>
    public IReadOnlyList<FeatureStatistics> Blocks => blocks;

    /// <summary>Takes in the features of the next images. How they are split into batches does not matter.</summary>
    /// <param name="features">[images, dimensions].</param>
    /// <exception cref="ArgumentException">The shape is another, or more images come than were expected.</exception>
    public void Add(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (Count + features.shape[0] > expected)
        {
            throw new ArgumentException($"{Count + features.shape[0]} images are more than the {expected} that were expected.", nameof(features));
        }

        using var noGradient = no_grad();
        var wanted = Math.Min(features.shape[0], keepAtMost - keptCount);
        if (wanted > 0)
        {
            using var scope = NewDisposeScope();
            kept.Add(features.narrow(0, 0, wanted).to(ScalarType.Float32, CPU).clone().DetachFromDisposeScope());
            keptCount += wanted;
        }

        for (long start = 0; start < features.shape[0];)
        {
            using var scope = NewDisposeScope();
            var block = Count * blocks.Length / expected;
            var end = ((block + 1) * expected + blocks.Length - 1) / blocks.Length; // the first image of the next block
            var rows = Math.Min(features.shape[0] - start, end - Count);
            blocks[block].Add(features.narrow(0, start, rows));
            start += rows;
            Count += rows;
        }
    }

    /// <summary>Statistics of all images so far; the caller's to dispose.</summary>
    public FeatureStatistics Statistics()
    {
        var all = new FeatureStatistics(blocks[0].Dimensions);
        foreach (var block in blocks)
        {
            all.Add(block);
        }

        return all;
    }

    /// <summary>The features that were kept, [images, dimensions], float32 on the CPU, in the caller's dispose scope.</summary>
    public Tensor Kept() => cat(kept, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in blocks)
        {
            block.Dispose();
        }

        kept.ForEach(part => part.Dispose());
    }
}
