using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CatchUp.Migrations.PostgreSql;

/// <summary>For <c>dotnet ef</c>: compares the model with the last migration, and never connects.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CatchUpContext>
{
    public CatchUpContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CatchUpContext>();
        PostgreSqlDatabase.Configure(options, "Host=127.0.0.1;Database=design_time");
        return new CatchUpContext(options.Options);
    }
}
