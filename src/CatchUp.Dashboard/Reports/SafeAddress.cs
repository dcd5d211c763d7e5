namespace CatchUp.Dashboard.Reports;

/// <summary>Which addresses a report may lead to: the web, mail, and pages of this server. Everything else has no use in a report and some of it runs script.</summary>
internal static class SafeAddress
{
    private static readonly string[] Schemes = ["https://", "http://", "mailto:"];

    /// <summary>Browsers take tabs and line breaks out of an address, which makes another one of it; so none may be in there.</summary>
    public static bool IsSafe(string? address) =>
        address is { Length: > 0 and <= 2000 }
        && !address.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
        && (Schemes.Any(scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) || IsOwnPage(address));

    /// <summary>"/runs/12": of this server, whatever its name. "//host" and "/\host" are other hosts.</summary>
    public static bool IsOwnPage(string address) => address.StartsWith('/') && (address.Length == 1 || address[1] is not ('/' or '\\'));
}
