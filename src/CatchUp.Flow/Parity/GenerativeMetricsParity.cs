using CatchUp.Flow.Evaluation;

namespace CatchUp.Flow.Parity;

/// <summary>FID and KID of given features, as parts of the expected value. Other metrics are left out, and named.</summary>
internal static class GenerativeMetricsParity
{
    private static readonly HashSet<string> Understood = ["kind", "fid", "fid_by_eigenvalues", "kid", "tolerance_relative", "note"];

    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var description = parityCase.Description;
        var tolerance = ParityCase.Number(description, "tolerance_relative");
        var (real, generated) = (parityCase.Tensor("a"), parityCase.Tensor("b"));
        if (ParityCase.Has(description, "fid"))
        {
            using var realStatistics = new FeatureStatistics(real.shape[^1]);
            using var generatedStatistics = new FeatureStatistics(generated.shape[^1]);
            realStatistics.Add(real);
            generatedStatistics.Add(generated);
            comparison.RelativeNumbers("fid", ParityCase.Number(description, "fid"), FrechetDistance.Between(realStatistics, generatedStatistics), tolerance);
        }

        if (ParityCase.Has(description, "kid"))
        {
            comparison.RelativeNumbers("kid", ParityCase.Number(description, "kid"), KernelDistance.Between(real, generated), tolerance);
        }

        var leftOut = description.EnumerateObject().Select(property => property.Name).Where(name => !Understood.Contains(name)).ToList();
        if (leftOut.Count > 0)
        {
            comparison.Remark($"left out, metric not known: {string.Join(", ", leftOut)}");
        }
    }
}
