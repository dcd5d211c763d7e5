using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "search",
                table: "sweeps",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "search_ended",
                table: "sweeps",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "search_stopped",
                table: "sweeps",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "search_entries",
                columns: table => new
                {
                    sweep_id = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    trial = table.Column<int>(type: "integer", nullable: true),
                    line = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_search_entries", x => new { x.sweep_id, x.number });
                    table.ForeignKey(
                        name: "FK_search_entries_sweeps_sweep_id",
                        column: x => x.sweep_id,
                        principalTable: "sweeps",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sweeps_searching",
                table: "sweeps",
                column: "id",
                filter: "search IS NOT NULL AND NOT search_ended");

            migrationBuilder.CreateIndex(
                name: "IX_search_entries_sweep_id_trial_number",
                table: "search_entries",
                columns: new[] { "sweep_id", "trial", "number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "search_entries");

            migrationBuilder.DropIndex(
                name: "ix_sweeps_searching",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "search",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "search_ended",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "search_stopped",
                table: "sweeps");
        }
    }
}
