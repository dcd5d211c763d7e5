using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace CatchUp.Dashboard.Shell;

/// <summary>
/// The address's query, for parts of a page that come and go with it. The framework's own query parameters are for pages: a part that a change
/// of the address brings asks to be told of changes while all are being told of that one, which ends the connection.
/// </summary>
internal static class AddressQuery
{
    /// <summary>Null when the address does not say.</summary>
    public static string? Value(NavigationManager navigation, string name) => Values(navigation, name) is [var first, ..] ? first : null;

    public static IReadOnlyList<string> Values(NavigationManager navigation, string name) =>
        QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query).TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];
}
