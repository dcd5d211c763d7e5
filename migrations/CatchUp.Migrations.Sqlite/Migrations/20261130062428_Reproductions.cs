using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Reproductions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "initial_sha256",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "initial_step",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "reproduces_run_id",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "certificates",
                columns: table => new
                {
                    run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    original_run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    run_ended_at = table.Column<long>(type: "INTEGER", nullable: false),
                    original_ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    made_at = table.Column<long>(type: "INTEGER", nullable: false),
                    content = table.Column<string>(type: "TEXT", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificates", x => x.run_id);
                    table.ForeignKey(
                        name: "FK_certificates_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "source_patches",
                columns: table => new
                {
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_source_patches", x => x.sha256);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runs_reproduces_run_id",
                table: "runs",
                column: "reproduces_run_id",
                filter: "reproduces_run_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "source_patches");

            migrationBuilder.DropIndex(
                name: "IX_runs_reproduces_run_id",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "initial_sha256",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "initial_step",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "reproduces_run_id",
                table: "runs");
        }
    }
}
