using CatchUp.Dashboard.Parameters;
using CatchUp.Statistics.Importance;

namespace CatchUp.Dashboard.Api;

/// <summary>Which keys a metric hangs on.</summary>
/// <param name="Metric">As a term.</param>
/// <param name="Runs">Those that it is about.</param>
/// <param name="Without">Runs left out because they have no such number.</param>
/// <param name="Unlike">Runs left out because theirs was measured otherwise.</param>
/// <param name="R2">The share of the variance that the forest predicts of runs that were held back; null when none was grown.</param>
/// <param name="NotEnough">Why nothing can be told; null when something can.</param>
/// <param name="Interactions">The share of the variance that hangs on several keys together.</param>
internal sealed record ApiImportance(string Metric, string? Protocol, int Runs, int Without, int Unlike, double? R2, string? NotEnough, double? Interactions, IReadOnlyList<ApiImportance.ApiKey> Keys)
{
    public static ApiImportance From(ParameterSet set, ParameterImportance importance) => new(
        set.Measure.Text,
        set.Protocol,
        set.Runs.Count,
        set.Without,
        set.Unlike.Sum(kind => kind.Runs),
        importance.OutOfBagR2,
        importance.NotEnough,
        importance.NotEnough is null ? importance.Interactions : null,
        [.. importance.Keys.Select(key => new ApiKey(key.Key, key.Share, key.Deviation, key.Permutation, [.. key.Marginals.Select(value => new ApiMarginal(ValueOf(value.From), ValueOf(value.To), value.Share, value.Mean, value.Deviation))]))]);

    private static object? ValueOf(FeatureValue value) => value.Number is { } number ? number : value.Text;

    /// <param name="Deviation">Standard deviation of the share over the trees.</param>
    /// <param name="Permutation">By how much the error for held-back runs grows when the key's values are shuffled, in shares of the variance.</param>
    internal sealed record ApiKey(string Key, double Share, double Deviation, double Permutation, IReadOnlyList<ApiMarginal> Marginals);

    /// <summary>What the forest predicts for values between two, all other keys averaged over.</summary>
    /// <param name="Share">The share of runs that have such a value.</param>
    internal sealed record ApiMarginal(object? From, object? To, double Share, double Mean, double Deviation);
}
