using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// Mean and covariance of features, streamed batch by batch in float64 (METHOD, "Evaluation"). Batches and partial
/// statistics are merged by their exact sums of squares (Chan et al. 1983), so neither order nor batch size matters beyond
/// rounding.
/// </summary>
public sealed class FeatureStatistics : IDisposable
{
    private const string CountName = "count";
    private const string MeanName = "mean";
    private const string CovarianceName = "covariance";

    private readonly Tensor _mean; // [dimensions]
    private readonly Tensor _scatter; // [dimensions, dimensions], Σ (x − mean)(x − mean)ᵀ

    /// <summary>Statistics of nothing yet.</summary>
    /// <param name="dimensions">Features per sample.</param>
    public FeatureStatistics(long dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
        _mean = zeros(dimensions, dtype: ScalarType.Float64).DetachFromDisposeScope();
        _scatter = zeros(dimensions, dimensions, dtype: ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>Statistics that were gathered elsewhere.</summary>
    /// <param name="mean">[dimensions].</param>
    /// <param name="covariance">[dimensions, dimensions], with n − 1.</param>
    /// <param name="count">n, at least 2.</param>
    /// <exception cref="ArgumentException">The shapes do not belong together.</exception>
    public static FeatureStatistics FromMoments(Tensor mean, Tensor covariance, long count)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (mean.dim() != 1 || mean.shape[0] < 1 || !covariance.shape.SequenceEqual([mean.shape[0], mean.shape[0]]))
        {
            throw new ArgumentException($"A mean [{string.Join(", ", mean.shape)}] and a covariance [{string.Join(", ", covariance.shape)}] do not belong together.", nameof(covariance));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var statistics = new FeatureStatistics(mean.shape[0]);
        statistics.Merge(count, mean.to(ScalarType.Float64, CPU), covariance.to(ScalarType.Float64, CPU) * (count - 1));
        return statistics;
    }

    /// <summary>Features per sample.</summary>
    public long Dimensions { get; }

    /// <summary>Samples taken in.</summary>
    public long Count { get; private set; }

    /// <summary>The mean, [dimensions], float64 on the CPU. A copy, in the caller's dispose scope.</summary>
    public Tensor Mean() => _mean.clone();

    /// <summary>The covariance with n − 1, [dimensions, dimensions], float64 on the CPU. A copy, in the caller's dispose scope.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two samples.</exception>
    public Tensor Covariance() => Count >= 2
        ? _scatter.div(Count - 1)
        : throw new InvalidOperationException($"A covariance needs at least two samples, there are {Count}.");

    /// <summary>Takes in the features of some samples.</summary>
    /// <param name="features">[samples, dimensions], any floating type, any device.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public void Add(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.shape[1] != Dimensions)
        {
            throw new ArgumentException($"The features must be [samples, {Dimensions}], not [{string.Join(", ", features.shape)}].", nameof(features));
        }

        if (features.shape[0] == 0)
        {
            return;
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var x = features.to(ScalarType.Float64, CPU);
        var mean = x.mean([0]);
        var centred = x - mean;
        Merge(x.shape[0], mean, centred.t().mm(centred));
    }

    /// <summary>Takes in all that other statistics took in.</summary>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public void Add(FeatureStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Dimensions != Dimensions)
        {
            throw new ArgumentException($"Statistics of {other.Dimensions} dimensions cannot be added to those of {Dimensions}.", nameof(other));
        }

        if (other.Count > 0)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            Merge(other.Count, other._mean, other._scatter);
        }
    }

    /// <summary>Writes count, mean and covariance to a safetensors file.</summary>
    /// <param name="path">The file; replaced.</param>
    /// <param name="metadata">Texts to keep with it, such as which extractor and which images.</param>
    /// <param name="more">Other tensors for the same file.</param>
    /// <exception cref="InvalidOperationException">There are fewer than two samples.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null, IReadOnlyDictionary<string, Tensor>? more = null)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(more ?? new Dictionary<string, Tensor>()) { [CountName] = tensor(Count), [MeanName] = Mean(), [CovarianceName] = Covariance() };
        SafeTensors.Save(path, tensors, metadata);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is torn or holds something else.</exception>
    public static FeatureStatistics Load(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = SafeTensors.Load(path);
        if (!tensors.TryGetValue(CountName, out var count) || count.numel() != 1
            || !tensors.TryGetValue(MeanName, out var mean) || mean.dim() != 1 || mean.shape[0] < 1
            || !tensors.TryGetValue(CovarianceName, out var covariance) || !covariance.shape.SequenceEqual([mean.shape[0], mean.shape[0]])
            || count.to(ScalarType.Int64).item<long>() < 2)
        {
            throw new InvalidDataException($"{path}: feature statistics need '{CountName}' (2 or more), '{MeanName}' [dimensions] and '{CovarianceName}' [dimensions, dimensions].");
        }

        return FromMoments(mean, covariance, count.to(ScalarType.Int64).item<long>());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _scatter.Dispose();
    }

    private void Merge(long count, Tensor mean, Tensor scatter)
    {
        var total = Count + count;
        var shift = mean - _mean;
        _scatter.add_(scatter).add_(outer(shift, shift), (double)Count * count / total);
        _mean.add_(shift, (double)count / total);
        Count = total;
    }
}
