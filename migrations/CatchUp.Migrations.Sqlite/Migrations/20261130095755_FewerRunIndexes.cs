using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class FewerRunIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_parent_run_id",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_state_id",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_sweep_id_state_priority_id",
                table: "runs");

            migrationBuilder.CreateIndex(
                name: "IX_runs_parent_run_id",
                table: "runs",
                column: "parent_run_id",
                filter: "parent_run_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_parent_run_id",
                table: "runs");

            migrationBuilder.CreateIndex(
                name: "IX_runs_parent_run_id",
                table: "runs",
                column: "parent_run_id");

            migrationBuilder.CreateIndex(
                name: "IX_runs_state_id",
                table: "runs",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_sweep_id_state_priority_id",
                table: "runs",
                columns: new[] { "sweep_id", "state", "priority", "id" },
                descending: new[] { false, false, true, false });
        }
    }
}
