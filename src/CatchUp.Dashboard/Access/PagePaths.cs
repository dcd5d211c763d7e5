namespace CatchUp.Dashboard.Access;

/// <summary>Tells addresses that a person opens from those a program asks.</summary>
internal static class PagePaths
{
    public static bool IsPage(PathString path) =>
        !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
        && !Path.HasExtension(path.Value);
}
