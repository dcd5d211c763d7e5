using System.Globalization;

namespace CatchUp.Tracking;

/// <summary>Keeps lists within bounds, whatever a query string says.</summary>
internal static class Paging
{
    public const int MaximumLimit = 1000;

    public static (int Offset, int Limit) Clamp(int offset, int limit) => (Math.Max(offset, 0), Math.Clamp(limit, 1, MaximumLimit));

    public static Page<T> Page<T>(IReadOnlyList<T> items, int total, int offset)
    {
        var next = offset + items.Count;
        return new Page<T>(items, total, items.Count > 0 && next < total ? next.ToString(CultureInfo.InvariantCulture) : null);
    }
}
