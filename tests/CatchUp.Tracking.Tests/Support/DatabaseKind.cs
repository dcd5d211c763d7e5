namespace CatchUp.Tracking.Tests.Support;

public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
