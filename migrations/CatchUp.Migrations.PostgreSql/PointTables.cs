namespace CatchUp.Migrations.PostgreSql;

/// <summary>The two tables that are the size of the database: no foreign keys, columns ordered so that no byte is lost to alignment.
/// The buckets that points still arrive in change with every batch: room in their pages keeps the indexes out of that.</summary>
internal static class PointTables
{
    public const string Create = """
        CREATE TABLE points (
          run_id bigint NOT NULL,
          step bigint NOT NULL,
          at bigint NOT NULL,
          value double precision NULL,
          metric_id integer NOT NULL,
          kind smallint NOT NULL,
          PRIMARY KEY (run_id, metric_id, step)
        );
        CREATE TABLE buckets (
          run_id bigint NOT NULL,
          level integer NOT NULL,
          metric_id integer NOT NULL,
          bucket bigint NOT NULL,
          minimum double precision NULL,
          maximum double precision NULL,
          first_step bigint NULL,
          first_value double precision NULL,
          last_step bigint NULL,
          last_value double precision NULL,
          count bigint NOT NULL,
          not_finite bigint NOT NULL,
          PRIMARY KEY (run_id, level, metric_id, bucket)
        ) WITH (fillfactor = 75);
        """;

    public const string Drop = "DROP TABLE buckets; DROP TABLE points;";
}
