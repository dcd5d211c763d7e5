using System.Globalization;
using CatchUp.Tracking;

namespace CatchUp.Dashboard.Api;

/// <summary>A stretch of a list.</summary>
/// <param name="Items">The stretch.</param>
/// <param name="Total">Items of the whole list.</param>
/// <param name="Next">Cursor of the following stretch; null at the end.</param>
internal sealed record ApiPage<T>(IReadOnlyList<T> Items, int Total, string? Next)
{
    public static ApiPage<T> From<TItem>(Page<TItem> page, Func<TItem, T> convert) => new([.. page.Items.Select(convert)], page.Total, page.Next);

    /// <summary>A stretch of a list that was read whole.</summary>
    public static ApiPage<T> From<TItem>(IReadOnlyList<TItem> all, int offset, int limit, Func<TItem, T> convert)
    {
        var items = all.Skip(offset).Take(limit).Select(convert).ToList();
        return new(items, all.Count, offset + items.Count < all.Count ? (offset + items.Count).ToString(CultureInfo.InvariantCulture) : null);
    }
}
