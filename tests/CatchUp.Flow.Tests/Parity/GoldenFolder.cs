namespace CatchUp.Flow.Tests.Parity;

/// <summary>The folder of published numbers: <c>CATCHUP_GOLDEN</c>, else <c>../shared/golden</c> beside the repository.</summary>
internal static class GoldenFolder
{
    /// <summary>The folder. Where it is absent the test is skipped, but fails on a build server (<c>CI=true</c>).</summary>
    public static string Require()
    {
        var folder = Find();
        if (!Directory.Exists(folder))
        {
            var message = $"There are no parity cases at '{folder}'. Set CATCHUP_GOLDEN to the folder that has them.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", message);
            Assert.Skip(message);
        }

        return folder;
    }

    /// <summary>The cases' names, for a test of each; one stand-in where the folder is absent, so that its absence shows.</summary>
    public static IEnumerable<string> CaseNames() => Directory.Exists(Find())
        ? Directory.GetDirectories(Find()).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        : ["(no folder of cases)"];

    private static string Find() => Environment.GetEnvironmentVariable("CATCHUP_GOLDEN") is { Length: > 0 } named
        ? Path.GetFullPath(named, RepositoryRoot())
        : Path.GetFullPath("../shared/golden", RepositoryRoot());

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CatchUp.Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"CatchUp.Platform.sln is in none of the folders above {AppContext.BaseDirectory}.");
    }
}
