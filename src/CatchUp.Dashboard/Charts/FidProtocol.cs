using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Charts;

/// <summary>A kind of number whose values may be compared: metric and fingerprint.</summary>
/// <param name="Text">In words: "fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train".</param>
/// <param name="Count">Evaluations that have it.</param>
/// <param name="IsGate">Measured at a gate of a search: drawn in no chart, and no value of it is the best.</param>
public sealed record FidProtocol(string Metric, string Fingerprint, string Text, int Count, bool IsGate = false)
{
    /// <summary>One of the numbers that have it.</summary>
    public Evaluation? Example { get; init; }

    /// <summary>For addresses.</summary>
    public string Key => $"{Metric}.{Fingerprint}";

    public bool Holds(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return evaluation.Metric == Metric && evaluation.Fingerprint == Fingerprint;
    }
}
