using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CatchUp.Dashboard.Shell;

/// <summary>
/// An address's query, whose values people may have typed. Parts of a page read it by hand: the framework's own query parameters are for pages,
/// since a part that a change of the address brings asks to be told of changes while all are being told of that one, which ends the connection.
/// </summary>
/// <param name="address">Whole, or from its question mark on.</param>
internal sealed class AddressQuery(string address)
{
    private readonly Dictionary<string, StringValues> _values = QueryHelpers.ParseQuery(QueryOf(address));

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The first that the address says, without the space around it; null when it says none, or nothing but space.</summary>
    public string? Value(string name) => Values(name) is [var first, ..] && !string.IsNullOrWhiteSpace(first) ? first.Trim() : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>A whole number of zero or more.</summary>
    public int? Number(string name) => int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public long? Id(string name) => long.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Signs that need no number stay readable: people type and copy such addresses.</summary>
    public static string Readable(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Replace("%2C", ",", StringComparison.OrdinalIgnoreCase).Replace("%3A", ":", StringComparison.OrdinalIgnoreCase).Replace("%3B", ";", StringComparison.OrdinalIgnoreCase);
    }

    private static string QueryOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var fragment = address.IndexOf('#', StringComparison.Ordinal);
        var whole = fragment < 0 ? address : address[..fragment];
        var mark = whole.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? "" : whole[mark..];
    }
}
