using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>
/// The Inception score exp(E KL(p(y|x) ‖ p(y))) (Salimans et al. 2016), in one split over all images, streamed batch by batch in float64:
/// log score = mean Σ p log p − Σ p̄ log p̄. From 1 (all images look like one class, or like none) to the number of classes.
/// </summary>
public sealed class InceptionScore : IDisposable
{
    private readonly Tensor classSums; // [classes]
    private double entropies;

    /// <param name="classes">How many classes the classifier tells apart.</param>
    public InceptionScore(long classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        classSums = zeros(classes, dtype: ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>Images taken in.</summary>
    public long Count { get; private set; }

    /// <summary>Takes in the classifications of some images.</summary>
    /// <param name="probabilities">[images, classes], rows that add up to 1.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public void Add(Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.dim() != 2 || probabilities.shape[1] != classSums.shape[0])
        {
            throw new ArgumentException($"The probabilities must be [images, {classSums.shape[0]}], not [{string.Join(", ", probabilities.shape)}].", nameof(probabilities));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var p = probabilities.to(ScalarType.Float64, CPU);
        classSums.add_(p.sum([0]));
        entropies += Entropy(p);
        Count += p.shape[0];
    }

    /// <summary>The score of all images so far.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public double Value()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A score needs at least one image.");
        }

        using var scope = NewDisposeScope();
        var p = classSums / Count;
        return Math.Exp(Entropy(p) - entropies / Count);
    }

    /// <summary>−Σ p log p, where 0 log 0 = 0.</summary>
    private static double Entropy(Tensor p) => special.entr(p).sum().item<double>();

    /// <inheritdoc/>
    public void Dispose() => classSums.Dispose();
}
