using System.Diagnostics;
using System.Globalization;
using CatchUp.Contracts.Artifacts;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tracking;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Dashboard.Startup;

/// <summary>Moves from the embedded set-up to the team's: artifacts first, then the database in one transaction, so that no row ever names an artifact that is not there.</summary>
internal static class DatabaseMove
{
    /// <exception cref="StartupException">It cannot be done; the target's database is as it was.</exception>
    public static async Task RunAsync(DashboardOptions options, TextWriter console, CancellationToken cancellation = default)
    {
        var file = Path.GetFullPath(options.MigrateFrom!);
        if (options.Team is not { } team)
        {
            throw new StartupException($"--migrate-from copies into the team's database: set {PostgreSqlVariables.Database} and what goes with it (--help).");
        }

        if (!File.Exists(file))
        {
            throw new StartupException($"--migrate-from: {file} is not there. Name the catchup.db in the embedded set-up's data folder.");
        }

        var folder = Path.GetDirectoryName(file)!;
        var target = CatchUpHome.PathOf(options.Home);
        // Held until the end: an embedded server cannot be started on it meanwhile, and one that runs is named.
        using var source = CatchUpHome.Open(folder);
        using var home = target == source.Path ? null : CatchUpHome.Open(target, shared: true);

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole(line => line.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        services.AddPostgreSqlDatabase(team.Database);
        services.AddTracking();
        await using var provider = services.BuildServiceProvider();
        await PostgreSqlWait.UntilReachableAsync(team.Database, provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(DatabaseMove)), cancellation);
        await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);

        if (home is not null)
        {
            await CopyArtifactsAsync(source.Artifacts, home.Artifacts, console, cancellation);
        }

        try
        {
            await using var from = SqliteDatabase.OpenReadOnly(file);
            await using var into = await provider.GetRequiredService<IDbContextFactory<CatchUpContext>>().CreateDbContextAsync(cancellation);
            var rows = await DatabaseImport.RunAsync(from, into, new Printed(console), cancellation);
            await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Copied {rows:N0} rows from {file}. The embedded set-up's folder is as it was; runs that were under way in it go on from their last stored checkpoints."));
        }
        catch (ImportRefusedException refused)
        {
            throw new StartupException(refused.Message, refused);
        }
    }

    private static async Task CopyArtifactsAsync(string from, string into, TextWriter console, CancellationToken cancellation)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        var artifacts = new ArtifactDirectory(into);
        var files = Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is { Length: 64 } name && name.All(char.IsAsciiHexDigitLower)).ToList();
        var (damaged, clock) = (0, Stopwatch.StartNew());
        for (var i = 0; i < files.Count; i++)
        {
            try
            {
                await artifacts.StoreAsync(files[i], Path.GetFileName(files[i]), keepsReserve: true, cancellation);
            }
            catch (InvalidDataException problem)
            {
                damaged++;
                await console.WriteLineAsync($"artifacts: left out {files[i]}: {problem.Message}");
            }

            if (clock.Elapsed > TimeSpan.FromSeconds(2))
            {
                await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"artifacts: {i + 1:N0} of {files.Count:N0} files"));
                clock.Restart();
            }
        }

        await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"artifacts: {files.Count - damaged:N0} of {files.Count:N0} files are in {into}"));
    }

    /// <summary>Prints at once and in order, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class Printed(TextWriter console) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.Rows > 0 || value.Total == 0)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Table}: {value.Rows:N0} of {value.Total:N0} rows"));
            }
        }
    }
}
