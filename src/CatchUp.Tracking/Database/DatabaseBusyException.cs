namespace CatchUp.Tracking.Database;

/// <summary>Someone else held the database for too long; nothing was changed.</summary>
public sealed class DatabaseBusyException(Exception cause)
    : Exception("The database is locked by another process, so nothing was changed. Close what holds it (a database browser, a backup, a second server) and try again.", cause);
