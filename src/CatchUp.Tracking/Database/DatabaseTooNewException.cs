namespace CatchUp.Tracking.Database;

/// <summary>The database was changed by a newer version of the program; this one would not understand what it reads.</summary>
public sealed class DatabaseTooNewException(string migration)
    : Exception($"The database is newer than this program: it holds the migration {migration}, which this version does not know. Start the newer version again, or point this one at another database or a backup from before the upgrade.")
{
    public string Migration { get; } = migration;
}
