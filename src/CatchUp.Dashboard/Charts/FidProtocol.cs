namespace CatchUp.Dashboard.Charts;

/// <summary>A kind of number whose values may be compared: metric and fingerprint.</summary>
/// <param name="Text">In words: "fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train".</param>
/// <param name="Count">Evaluations that have it.</param>
public sealed record FidProtocol(string Metric, string Fingerprint, string Text, int Count)
{
    internal string Key => $"{Metric} {Fingerprint}";
}
