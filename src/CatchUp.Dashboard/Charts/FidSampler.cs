using System.Globalization;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Charts;

/// <summary>What made the images: a solver, driven by one of the network's heads.</summary>
public sealed record FidSampler(string Solver, int Head)
{
    /// <summary>For addresses: "euler-1".</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Solver}-{Head}");

    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Solver}, head {Head}");

    public static FidSampler Of(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new(evaluation.Solver, evaluation.Head);
    }
}
