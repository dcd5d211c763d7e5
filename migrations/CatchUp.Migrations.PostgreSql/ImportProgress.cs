namespace CatchUp.Migrations.PostgreSql;

/// <summary>How far the copy of one table is.</summary>
public readonly record struct ImportProgress(string Table, long Rows, long Total);
