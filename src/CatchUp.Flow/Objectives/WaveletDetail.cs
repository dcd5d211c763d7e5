using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// The wavelet term of ImageNet-64 (METHOD, "Other trainers"): how far the finest details of two images are apart. One level of
/// the orthogonal wavelet db3 with zero padding (Daubechies 1988, three vanishing moments), its three detail bands.
/// </summary>
public static class WaveletDetail
{
    /// <summary>Share of the differences of an image, the largest ones, that count.</summary>
    private const double LargestShare = 0.2;

    /// <summary>
    /// The low-pass filter h in closed form, with r = √10 and s = √(5 + 2√10):
    /// h = [1 + r + s, 5 + r + 3s, 10 − 2r + 2s, 10 − 2r − 2s, 5 + r − 3s, 1 + r − s] / (16√2).
    /// </summary>
    internal static double[] LowPass { get; } = DaubechiesThree();

    /// <summary>The high-pass filter g, the low-pass one's mirror with alternating signs: g_k = (−1)^k·h_{5−k}.</summary>
    internal static double[] HighPass { get; } = [.. LowPass.Reverse().Select((tap, k) => k % 2 == 0 ? tap : -tap)];

    /// <summary>
    /// For each image the mean of the largest ⌊0.2·n⌋ absolute differences of its n detail coefficients, bands and channels together;
    /// then the mean over images. Both images are mapped from [-1, 1] to [0, 1] first.
    /// </summary>
    /// <param name="predicted">[batch, channels, height, width]; the gradient flows through both.</param>
    /// <param name="actual">The same shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Distance(Tensor predicted, Tensor actual)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        using var scope = NewDisposeScope();
        // Bands are linear: those of the difference are the difference of those, and the shift of the mapping cancels.
        var differences = Bands((predicted - actual) * 0.5).abs().flatten(1); // [batch, n]
        var largest = differences.topk((int)(LargestShare * differences.shape[1]), dim: 1).values;
        return largest.mean().MoveToOuterDisposeScope();
    }

    /// <summary>The finest details: low·high, high·low and high·high, [batch, channels, 3, ⌊(height + 5)/2⌋, ⌊(width + 5)/2⌋].</summary>
    internal static Tensor Bands(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (low, high) = (tensor(LowPass), tensor(HighPass));
        var filters = stack([outer(low, high), outer(high, low), outer(high, high)], 0).unsqueeze(1).to(images.dtype, images.device); // [3, 1, 6, 6]
        var (height, width) = (images.shape[2], images.shape[3]);
        var planes = images.reshape(-1, 1, height, width);

        // Coefficient k sees the pixels 2k − 4 … 2k + 1: all positions at which filter and image overlap, every second one kept.
        var padded = F.pad(planes, [4, 4 + width % 2, 4, 4 + height % 2]);
        var bands = F.conv2d(padded, filters, strides: [2, 2]);
        return bands.view(images.shape[0], images.shape[1], 3, bands.shape[2], bands.shape[3]).MoveToOuterDisposeScope();
    }

    private static double[] DaubechiesThree()
    {
        var r = Math.Sqrt(10);
        var s = Math.Sqrt(5 + 2 * r);
        double[] taps = [1 + r + s, 5 + r + 3 * s, 10 - 2 * r + 2 * s, 10 - 2 * r - 2 * s, 5 + r - 3 * s, 1 + r - s];
        return [.. taps.Select(tap => tap / (16 * Math.Sqrt(2)))];
    }
}
