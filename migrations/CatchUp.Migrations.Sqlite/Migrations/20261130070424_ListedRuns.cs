using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ListedRuns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_configuration",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_created_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_state_ended_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_updated_at",
                table: "runs");

            migrationBuilder.CreateIndex(
                name: "IX_runs_configuration_archived_created_at",
                table: "runs",
                columns: new[] { "configuration", "archived", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_created_at_id_archived",
                table: "runs",
                columns: new[] { "created_at", "id", "archived" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_state_ended_at_archived_updated_at",
                table: "runs",
                columns: new[] { "state", "ended_at", "archived", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_updated_at_id_archived",
                table: "runs",
                columns: new[] { "updated_at", "id", "archived" });

            migrationBuilder.CreateIndex(
                name: "ix_runs_listed",
                table: "runs",
                columns: new[] { "sweep_id", "state", "archived", "created_at", "updated_at", "step", "steps", "best_value", "best_evaluation_id", "last_loss", "trial", "replicate", "name", "project", "configuration" });

            migrationBuilder.CreateIndex(
                name: "ix_evaluations_asked",
                table: "evaluations",
                columns: new[] { "run_id", "metric", "nfe", "head", "gate", "step", "id", "solver", "value", "fingerprint" },
                descending: new[] { false, false, false, false, false, true, true, false, false, false });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_configuration_archived_created_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_created_at_id_archived",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_state_ended_at_archived_updated_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_updated_at_id_archived",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_listed",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_evaluations_asked",
                table: "evaluations");

            migrationBuilder.CreateIndex(
                name: "IX_runs_configuration",
                table: "runs",
                column: "configuration");

            migrationBuilder.CreateIndex(
                name: "IX_runs_created_at",
                table: "runs",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_runs_state_ended_at",
                table: "runs",
                columns: new[] { "state", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_updated_at",
                table: "runs",
                column: "updated_at");
        }
    }
}
