using System.Globalization;
using System.Text.RegularExpressions;
using CatchUp.Flow.Evaluation;

namespace CatchUp.Flow.Parity;

/// <summary>Metrics of given features and class probabilities, as parts of the expected value. Metrics that are not known fail the case.</summary>
internal static partial class GenerativeMetricsParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var description = parityCase.Description;
        var tolerance = ParityCase.Number(description, "tolerance_relative");
        foreach (var name in description.EnumerateObject().Select(property => property.Name).Where(name => name is not ("kind" or "note" or "tolerance_relative")))
        {
            comparison.RelativeNumbers(name, ParityCase.Number(description, name), Measure(parityCase, name), tolerance);
        }
    }

    private static double Measure(ParityCase parityCase, string name)
    {
        switch (name)
        {
            case "fid" or "fid_by_eigenvalues":
                return FidOf(parityCase);
            case "kid":
                return KernelDistance.Between(parityCase.Tensor("a"), parityCase.Tensor("b"));
            case "inception_score":
                return ScoreOf(parityCase);
            default:
                return OverlapName().Match(name) is { Success: true } match
                    ? OverlapOf(parityCase, match)
                    : throw new InvalidDataException($"the metric '{name}' is not known");
        }
    }

    private static double FidOf(ParityCase parityCase)
    {
        var (real, generated) = (parityCase.Tensor("a"), parityCase.Tensor("b"));
        using var realStatistics = new FeatureStatistics(real.shape[^1]);
        using var generatedStatistics = new FeatureStatistics(generated.shape[^1]);
        realStatistics.Add(real);
        generatedStatistics.Add(generated);
        return FrechetDistance.Between(realStatistics, generatedStatistics);
    }

    private static double ScoreOf(ParityCase parityCase)
    {
        var probabilities = parityCase.Tensor("probs");
        using var score = new InceptionScore(probabilities.shape[^1]);
        score.Add(probabilities);
        return score.Value();
    }

    private static double OverlapOf(ParityCase parityCase, Match name)
    {
        var rows = long.Parse(name.Groups["rows"].Value, CultureInfo.InvariantCulture);
        var neighbours = int.Parse(name.Groups["neighbours"].Value, CultureInfo.InvariantCulture);
        var (real, generated) = (parityCase.Tensor("a"), parityCase.Tensor("b"));
        using var firstReal = real.narrow(0, 0, Math.Min(rows, real.shape[0]));
        using var firstGenerated = generated.narrow(0, 0, Math.Min(rows, generated.shape[0]));
        var overlap = ManifoldOverlap.Between(firstReal, firstGenerated, neighbours);
        return name.Groups["which"].Value == "precision" ? overlap.Precision : overlap.Recall;
    }

    /// <summary>precision_400_k3: the first 400 rows of each, 3 neighbours.</summary>
    [GeneratedRegex("^(?<which>precision|recall)_(?<rows>[0-9]{1,9})_k(?<neighbours>[0-9]{1,4})$")]
    private static partial Regex OverlapName();
}
