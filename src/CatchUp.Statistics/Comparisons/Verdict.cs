using System.Globalization;

namespace CatchUp.Statistics.Comparisons;

/// <summary>What comparisons say, in sentences for people who know no statistics.</summary>
public static class Verdict
{
    /// <summary>One comparison, of A with B.</summary>
    /// <param name="a">Name of the first group.</param>
    /// <param name="b">Name of the second group.</param>
    /// <param name="better">Null where neither direction is the better one; then the words are higher and lower.</param>
    /// <param name="adjustedPValue">Takes the place of the comparison's own where it is one of several.</param>
    public static string Of(Comparison comparison, string a, string b, Better? better, double? adjustedPValue = null)
    {
        var leftOut = LeftOut(a, comparison.NonFiniteA) + LeftOut(b, comparison.NonFiniteB);
        if (comparison is not { Interval: { } interval, Difference: { } difference })
        {
            return $"No difference can be told: {comparison.Reason}.{(comparison.Difference is { } seen and not 0 ? $" In these runs {Sentence(a, b, seen, 0, better)}." : "")}{leftOut}";
        }

        var runs = Runs(comparison, a, b);
        if (difference == 0 && interval.HalfWidth == 0)
        {
            return $"{a} and {b} have the same values ({runs}).{leftOut}";
        }

        var halfWidth = interval.HalfWidth;
        var sentence = $"{Sentence(a, b, difference, halfWidth, better)} ± {Number(halfWidth, halfWidth)}";
        if (comparison.Outcome == Outcome.Tie)
        {
            return $"No difference can be told: {sentence}; {runs} are too few to see one smaller than {Number(halfWidth, halfWidth)}.{leftOut}";
        }

        return $"{sentence} ({runs}); a difference as large by chance alone happens {Often(adjustedPValue ?? comparison.PValue!.Value)} such comparisons.{leftOut}";
    }

    /// <summary>Which group is best, what is tied with it, and what is not known.</summary>
    public static string Of(Ranking ranking)
    {
        if (ranking.Best is not { } best)
        {
            return "No best can be told: no group has two runs with a finite value.";
        }

        var tied = Names(ranking, Standing.TiedWithBest);
        var undecided = Names(ranking, Standing.Undecided);
        var worse = Names(ranking, Standing.Worse);
        var first = (tied.Count, worse.Count) switch
        {
            (0, 0) => $"{best.Group.Name} has the best mean, but nothing to be compared with.",
            (0, _) when undecided.Count == 0 => $"{best.Group.Name} is best; all others are worse by more than chance explains.",
            (0, _) => $"{best.Group.Name} is best; worse by more than chance explains: {List(worse)}.",
            (_, 0) => $"{best.Group.Name} has the best mean, but cannot be told from {List(tied)}.",
            _ => $"{best.Group.Name} has the best mean, but cannot be told from {List(tied)}; worse by more than chance explains: {List(worse)}.",
        };
        return undecided.Count == 0 ? first : $"{first} Too few runs to say anything of {List(undecided)}.";
    }

    private static string Sentence(string a, string b, double difference, double uncertainty, Better? better)
    {
        if (difference == 0)
        {
            return "the means are equal";
        }

        var (name, word) = better switch
        {
            null => (b, difference < 0 ? "lower" : "higher"),
            _ => (difference < 0 == (better == Better.Lower) ? b : a, "better"),
        };
        return $"{name} is {word} by {Number(Math.Abs(difference), uncertainty)}";
    }

    private static string Runs(Comparison comparison, string a, string b) => comparison.Method == ComparisonMethod.Paired
        ? $"{comparison.CommonSeeds} common seeds"
        : $"{comparison.CountA} runs of {a} and {comparison.CountB} of {b}";

    private static string LeftOut(string name, int count) => count switch
    {
        0 => "",
        1 => $" 1 run of {name} has no finite value and is left out.",
        _ => $" {count} runs of {name} have no finite value and are left out.",
    };

    private static List<string> Names(Ranking ranking, Standing standing) => [.. ranking.Groups.Where(group => group.Standing == standing).Select(group => group.Group.Name)];

    private static string List(List<string> names) => names.Count switch
    {
        1 => names[0],
        > 6 => $"{string.Join(", ", names.Take(5))} and {names.Count - 5} others",
        _ => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
    };

    /// <summary>1 / p to two digits.</summary>
    private static string Often(double p)
    {
        if (p < 1e-6)
        {
            return "less than once in a million";
        }

        var times = 1 / p;
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(times)) - 1));
        return $"about once in {(Math.Round(times / unit) * unit).ToString("N0", CultureInfo.InvariantCulture)}";
    }

    /// <summary>As many digits as the uncertainty has two of; three digits without one.</summary>
    private static string Number(double value, double uncertainty)
    {
        var digits = uncertainty == 0 ? (value == 0 ? 0 : 2 - Math.Floor(Math.Log10(Math.Abs(value)))) : 1 - Math.Floor(Math.Log10(uncertainty));
        return digits > 8 || Math.Abs(value) >= 1e9
            ? value.ToString("G3", CultureInfo.InvariantCulture)
            : value.ToString($"N{Math.Max(0, (int)digits)}", CultureInfo.InvariantCulture);
    }
}
