namespace CatchUp.Journeys.Tests.Platform;

/// <summary>Where the built product is.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Dashboard => Path.Combine(Root, "src", "CatchUp.Dashboard", "bin", Configuration, "net10.0", "CatchUp.Dashboard.dll");

    public static string Worker => Path.Combine(Root, "src", "CatchUp.Worker", "bin", Configuration, "net10.0", "CatchUp.Worker.dll");

    public static string Trainer => Path.Combine(Root, "src", "CatchUp.Trainer", "bin", Configuration, "net10.0", "linux-x64", "CatchUp.Trainer.dll");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "CatchUp.Platform.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests run outside the repository: no CatchUp.Platform.sln above them.");
        }

        return directory.FullName;
    }
}
