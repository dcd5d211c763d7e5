using Microsoft.AspNetCore.Components;

namespace CatchUp.Dashboard.Shell;

/// <summary>What a page shows stands in its address, so that it can be sent to others and is there again after a reload.</summary>
internal static class AddressBar
{
    /// <summary>Sets a parameter of the address, or takes it away, without a new entry in the browser's history.</summary>
    public static void Amend(this NavigationManager navigation, string name, string? value) => Replace(navigation, navigation.GetUriWithQueryParameter(name, value));

    /// <summary>Sets parameters of the address, takes away those without a value, and leaves the others, without a new entry in the browser's history.</summary>
    public static void Amend(this NavigationManager navigation, IReadOnlyDictionary<string, object?> parameters) => Replace(navigation, navigation.GetUriWithQueryParameters(parameters));

    private static void Replace(NavigationManager navigation, string address) => navigation.NavigateTo(AddressQuery.Readable(address), replace: true);
}
