using MathNet.Numerics.Distributions;

namespace CatchUp.Tracking.Statistics;

/// <summary>Numbers of several runs as their mean and what it is worth.</summary>
/// <param name="Count">Finite numbers.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation, with n − 1; null for fewer than two.</param>
/// <param name="Low">Lower end of the 95 % interval of the mean, mean − t(0.975, n − 1) · s / √n (Student 1908); null for fewer than two.</param>
/// <param name="High">Its upper end.</param>
/// <param name="NotFinite">Numbers left out because they are NaN or infinite.</param>
public sealed record SampleSummary(int Count, double Mean, double? Deviation, double? Low, double? High, int NotFinite)
{
    /// <returns>Null when none is finite.</returns>
    public static SampleSummary? Of(IEnumerable<double> numbers)
    {
        var all = numbers.ToList();
        var finite = all.FindAll(double.IsFinite);
        if (finite.Count == 0)
        {
            return null;
        }

        var mean = finite.Average();
        if (finite.Count == 1)
        {
            return new(1, mean, null, null, null, all.Count - 1);
        }

        var deviation = Math.Sqrt(finite.Sum(number => (number - mean) * (number - mean)) / (finite.Count - 1));
        var half = StudentT.InvCDF(0, 1, finite.Count - 1, 0.975) * deviation / Math.Sqrt(finite.Count);
        return new(finite.Count, mean, deviation, mean - half, mean + half, all.Count - finite.Count);
    }
}
