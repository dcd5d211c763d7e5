namespace CatchUp.Tracking.Tests.Sweeps;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? directory) =>
        directory is null ? throw new InvalidOperationException("The tests do not run within the repository.")
        : File.Exists(Path.Combine(directory.FullName, "CatchUp.Platform.sln")) ? directory.FullName
        : Find(directory.Parent);
}
