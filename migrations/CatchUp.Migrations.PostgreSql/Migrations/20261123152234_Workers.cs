using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CatchUp.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Workers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "contract",
                table: "workers",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<bool>(
                name: "gives_back",
                table: "workers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "standing",
                table: "workers",
                type: "text",
                nullable: false,
                defaultValue: "Accepted");

            migrationBuilder.AddColumn<string>(
                name: "token",
                table: "workers",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "after_pause",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "after_pause_cause",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "worker_tokens",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true),
                    revoked_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_worker_tokens", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workers_name",
                table: "workers",
                column: "name");

            migrationBuilder.CreateIndex(
                name: "IX_worker_tokens_hash",
                table: "worker_tokens",
                column: "hash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "worker_tokens");

            migrationBuilder.DropIndex(
                name: "IX_workers_name",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "contract",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "gives_back",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "standing",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "token",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "after_pause",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "after_pause_cause",
                table: "runs");
        }
    }
}
