using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Statistics.Comparisons;

namespace CatchUp.Dashboard.Charts;

/// <summary>A value at a number of network evaluations; the bounds are null where there is no interval.</summary>
/// <param name="Step">The evaluated step; of several runs, the last of theirs.</param>
public sealed record FidPoint(int Nfe, double Value, double? Low, double? High, int Step)
{
    public FidInterval Interval { get; init; }

    /// <summary>The first of the runs' steps, where they differ.</summary>
    public int? FirstStep { get; init; }

    /// <summary>How many steps it is the best of; 1 where nothing was chosen.</summary>
    public int BestOf { get; init; } = 1;

    /// <summary>What it is the mean of; finite values only.</summary>
    public IReadOnlyList<SeededValue> Values { get; init; } = [];

    /// <summary>Runs whose value is NaN or infinite: the mean is without them.</summary>
    public int NotFinite { get; init; }

    /// <summary>Runs of the line that have no number here.</summary>
    public int Missing { get; init; }

    /// <summary>Which line it was taken from, where the best of several lines are one.</summary>
    public string? From { get; init; }

    public string Text => Figures.WithInterval(Value, Low, High);

    /// <summary>"step 300, best of 4", "3 runs, 95 % over seeds".</summary>
    public string Note
    {
        get
        {
            var parts = new List<string>();
            if (From is not null)
            {
                parts.Add(From);
            }

            parts.Add(StepText);
            if (Interval == FidInterval.Seeds || NotFinite + Missing > 0)
            {
                parts.Add(Figures.Plural(Values.Count, "run", "runs") + (NotFinite > 0 ? $" + {NotFinite} not finite" : "") + (Missing > 0 ? $", {Missing} without" : ""));
            }

            parts.Add(Interval switch { FidInterval.Seeds => "95 % over seeds", FidInterval.Images => "95 % over images", _ => "no interval" });
            return string.Join(" · ", parts);
        }
    }

    /// <summary>"step 300", "steps 300 to 600", "step 300, best of 4".</summary>
    public string StepText =>
        (FirstStep is { } first && first != Step ? string.Create(CultureInfo.InvariantCulture, $"steps {first:N0} to {Step:N0}") : string.Create(CultureInfo.InvariantCulture, $"step {Step:N0}"))
        + (BestOf > 1 ? $", best of {BestOf}" : "");
}
