namespace CatchUp.Flow.Tests.Parity;

/// <summary>The folder of published numbers: <c>CATCHUP_GOLDEN</c>, else <c>../shared/golden</c> beside the repository.</summary>
internal static class GoldenFolder
{
    /// <summary>The folder. Where it is absent the test is skipped, but fails on a build server (<c>CI=true</c>).</summary>
    public static string Require()
    {
        var folder = Environment.GetEnvironmentVariable("CATCHUP_GOLDEN") is { Length: > 0 } named
            ? Path.GetFullPath(named, RepositoryRoot())
            : Path.GetFullPath("../shared/golden", RepositoryRoot());
        if (!Directory.Exists(folder))
        {
            var message = $"There are no parity cases at '{folder}'. Set CATCHUP_GOLDEN to the folder that has them.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", message);
            Assert.Skip(message);
        }

        return folder;
    }

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
