using System.Globalization;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Names of runs: <c>rk-orders/rk23-lr0.001-s1</c>. Unique within a sweep, because labels are.</summary>
internal static class RunNames
{
    private const int LongestSweepPart = 60;

    public static string Make(string sweep, string label, string replicate)
    {
        var tail = string.Join('-', new[] { label, replicate }.Where(part => part.Length > 0));
        return tail.Length == 0 ? Shorten(sweep) : $"{Shorten(sweep)}/{tail}";
    }

    /// <summary>Cut between characters as people see them, not within one.</summary>
    private static string Shorten(string sweep) =>
        sweep.Length <= LongestSweepPart ? sweep : sweep[..StringInfo.ParseCombiningCharacters(sweep).Last(start => start <= LongestSweepPart)] + "…";
}
