using System.Reflection;

namespace CatchUp.Dashboard.Startup;

/// <summary>Where the trainer is. It is a program of its own, with libtorch; the build notes where it lies from here.</summary>
internal static class TrainerLocation
{
    /// <param name="named">What the options say, if anything.</param>
    /// <exception cref="StartupException">It is not there.</exception>
    public static string Find(string? named)
    {
        if ((named ?? Environment.GetEnvironmentVariable("CATCHUP_TRAINER")) is { Length: > 0 } path)
        {
            return File.Exists(path)
                ? Path.GetFullPath(path)
                : throw new StartupException($"The trainer {path} that CATCHUP_TRAINER names is not there. Correct it, or unset it to use the trainer that is built with the dashboard.");
        }

        var noted = typeof(TrainerLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "TrainerPath")?.Value
            ?? throw new StartupException("This program was built without a trainer, as a team's server. Start it as one (--help), or set CATCHUP_TRAINER to a trainer's program.");
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, noted.Replace('\\', '/')));
        return File.Exists(built)
            ? built
            : throw new StartupException($"The trainer is not at {built}. Build it (dotnet build src/CatchUp.Trainer), or set CATCHUP_TRAINER to its program.");
    }
}
