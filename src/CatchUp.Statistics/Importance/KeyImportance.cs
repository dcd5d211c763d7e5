namespace CatchUp.Statistics.Importance;

/// <summary>How much of the values' variance hangs on one key.</summary>
/// <param name="Share">Of the variance, by the key alone, from 0 to 1: mean over the forest's trees.</param>
/// <param name="Deviation">Standard deviation of the share over the trees.</param>
/// <param name="Permutation">
/// By how much the error for held-back runs grows when the key's values are shuffled, in shares of the variance. It counts what the key
/// does together with others too, and is about 0, on either side, for a key without influence.
/// </param>
/// <param name="Marginals">What the forest predicts for each value of the key: numbers by size, then categories, then the missing value.</param>
public sealed record KeyImportance(string Key, double Share, double Deviation, double Permutation, IReadOnlyList<MarginalPrediction> Marginals);
