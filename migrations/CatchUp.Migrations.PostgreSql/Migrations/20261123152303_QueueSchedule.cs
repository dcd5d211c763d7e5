using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class QueueSchedule : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "closes_at",
                table: "sweeps",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "deadline",
                table: "sweeps",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "deadline_at",
                table: "sweeps",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "opens_at",
                table: "sweeps",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "sweeps",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "window",
                table: "sweeps",
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

            migrationBuilder.AddColumn<string>(
                name: "cost_key",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "evaluation_work",
                table: "runs",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<string>(
                name: "extractor",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "position",
                table: "runs",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "predicted_at",
                table: "runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "predicted_end",
                table: "runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "predicted_start",
                table: "runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "device",
                table: "attempts",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_closes_at",
                table: "sweeps",
                column: "closes_at",
                filter: "closes_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_deadline_at",
                table: "sweeps",
                column: "deadline_at",
                filter: "deadline_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_requires",
                table: "sweeps",
                column: "requires",
                filter: "requires IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_queued",
                table: "runs",
                columns: new[] { "sweep_id", "priority", "position", "id", "dataset", "extractor", "parent_run_id", "kind" },
                descending: new[] { false, true, false, false, false, false, false, false },
                filter: "state = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "ix_runs_running",
                table: "runs",
                column: "sweep_id",
                filter: "state = 'Running'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_sweeps_closes_at",
                table: "sweeps");

            migrationBuilder.DropIndex(
                name: "IX_sweeps_deadline_at",
                table: "sweeps");

            migrationBuilder.DropIndex(
                name: "IX_sweeps_requires",
                table: "sweeps");

            migrationBuilder.DropIndex(
                name: "ix_runs_queued",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_running",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "closes_at",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "deadline",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "deadline_at",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "opens_at",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "window",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "after_pause",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "after_pause_cause",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "cost_key",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "evaluation_work",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "extractor",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "position",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "predicted_at",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "predicted_end",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "predicted_start",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "device",
                table: "attempts");
        }
    }
}
