using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CatchUp.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Nights : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "restarts",
                table: "sweeps",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "cancel_at_checkpoint",
                table: "runs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "failure",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "device",
                table: "attempts",
                type: "text",
                nullable: false,
                defaultValue: "cpu");

            migrationBuilder.AddColumn<double>(
                name: "evaluation_seconds",
                table: "attempts",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "lost_seconds",
                table: "attempts",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "sampling_seconds",
                table: "attempts",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "training_seconds",
                table: "attempts",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.CreateTable(
                name: "alert_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    run_id = table.Column<long>(type: "bigint", nullable: false),
                    sweep_id = table.Column<long>(type: "bigint", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "run_exclusions",
                columns: table => new
                {
                    run_id = table.Column<long>(type: "bigint", nullable: false),
                    worker = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_exclusions", x => new { x.run_id, x.worker });
                    table.ForeignKey(
                        name: "FK_run_exclusions_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "webhooks",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false),
                    secret = table.Column<string>(type: "text", nullable: true),
                    on_failure = table.Column<bool>(type: "boolean", nullable: false),
                    on_sweep_finished = table.Column<bool>(type: "boolean", nullable: false),
                    digest_at = table.Column<string>(type: "text", nullable: true),
                    digest_zone = table.Column<string>(type: "text", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhooks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    webhook_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false),
                    claimed_until = table.Column<long>(type: "bigint", nullable: true),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: true),
                    problem = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_deliveries", x => x.id);
                    table.ForeignKey(
                        name: "FK_alert_deliveries_webhooks_webhook_id",
                        column: x => x.webhook_id,
                        principalTable: "webhooks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runs_state_ended_at",
                table: "runs",
                columns: new[] { "state", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "IX_run_events_at",
                table: "run_events",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_attempts_ended_at_assigned_at",
                table: "attempts",
                columns: new[] { "ended_at", "assigned_at" });

            migrationBuilder.CreateIndex(
                name: "IX_alert_deliveries_kind_created_at",
                table: "alert_deliveries",
                columns: new[] { "kind", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_alert_deliveries_state_due_at",
                table: "alert_deliveries",
                columns: new[] { "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_alert_deliveries_webhook_id_key",
                table: "alert_deliveries",
                columns: new[] { "webhook_id", "key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_deliveries");

            migrationBuilder.DropTable(
                name: "alert_events");

            migrationBuilder.DropTable(
                name: "run_exclusions");

            migrationBuilder.DropTable(
                name: "webhooks");

            migrationBuilder.DropIndex(
                name: "IX_runs_state_ended_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_run_events_at",
                table: "run_events");

            migrationBuilder.DropIndex(
                name: "IX_attempts_ended_at_assigned_at",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "restarts",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "cancel_at_checkpoint",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "failure",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "device",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "evaluation_seconds",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "lost_seconds",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "sampling_seconds",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "training_seconds",
                table: "attempts");
        }
    }
}
