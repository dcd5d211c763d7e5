namespace CatchUp.Benchmarks.Tracking;

internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
