using System.Globalization;

namespace CatchUp.Tracking.Retention;

/// <summary>How much of a run's weights is kept once it has ended. No policy at all keeps everything.</summary>
/// <param name="Last">The newest so many checkpoints, and as many snapshots.</param>
/// <param name="Best">The so many snapshots with the best values of the sweep's objective.</param>
public sealed record RetentionPolicy(int Last, int Best)
{
    public const int Most = 1000;

    public const string KeepAll = "all";

    /// <summary>As a server is told: <c>all</c>, or <c>last=2,best=1</c>.</summary>
    /// <returns>Null: everything is kept.</returns>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static RetentionPolicy? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim() == KeepAll)
        {
            return null;
        }

        var (last, best) = (1, 1);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > Most || (pair[0], number) is not (("last", > 0) or ("best", _)))
            {
                throw new FormatException($"A retention policy is \"{KeepAll}\" or \"last=2,best=1\" with last from 1 and best from 0 to {Most}; \"{part}\" is neither.");
            }

            (last, best) = pair[0] == "last" ? (number, best) : (last, number);
        }

        return new RetentionPolicy(last, best);
    }

    public static string Words(RetentionPolicy? policy) => policy switch
    {
        null => "everything",
        { Best: 0 } => string.Create(CultureInfo.InvariantCulture, $"last {policy.Last}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"last {policy.Last}, best {policy.Best}"),
    };
}
