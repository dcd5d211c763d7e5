using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CatchUp.Migrations.Sqlite;

/// <summary>What every connection is told: readers do not wait for the writer, and a commit is on the disk when it returns.</summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    // SQLite's own waiting is finer than the provider's, which sleeps 150 ms at a time. The cache (in KiB) holds the pages that running runs write to;
    // the log may have 40 MB (in pages), because a page that many batches change is copied out of it only once.
    private const string Text = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 10000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        var command = connection.CreateCommand();
        using (command)
        {
            command.CommandText = Text;
            command.ExecuteNonQuery();
        }
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command)
        {
            command.CommandText = Text;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
