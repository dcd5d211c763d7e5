namespace CatchUp.Migrations.PostgreSql;

/// <summary>The databases are not such that one can be copied into the other; nothing was changed.</summary>
public sealed class ImportRefusedException(string message) : Exception(message);
