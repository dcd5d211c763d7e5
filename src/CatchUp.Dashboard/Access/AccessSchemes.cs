namespace CatchUp.Dashboard.Access;

/// <summary>How callers show who they are.</summary>
internal static class AccessSchemes
{
    /// <summary>Looks at the request and passes it to one of the two below.</summary>
    public const string Either = "either";

    /// <summary>A browser's session.</summary>
    public const string Session = "session";

    /// <summary>A script's token.</summary>
    public const string Token = "token";
}
