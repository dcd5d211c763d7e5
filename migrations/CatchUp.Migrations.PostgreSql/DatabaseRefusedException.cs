namespace CatchUp.Migrations.PostgreSql;

/// <summary>The database answers, but does not let us in; waiting will not help.</summary>
public sealed class DatabaseRefusedException(string message, Exception cause) : Exception(message, cause);
