using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CatchUp.Migrations.Sqlite;

/// <summary>For <c>dotnet ef</c>: compares the model with the last migration, and never opens the file.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CatchUpContext>
{
    public CatchUpContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CatchUpContext>();
        SqliteDatabase.Configure(options, "design-time.db");
        return new CatchUpContext(options.Options);
    }
}
