using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Nights : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "contract",
                table: "workers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<bool>(
                name: "gives_back",
                table: "workers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "standing",
                table: "workers",
                type: "TEXT",
                nullable: false,
                defaultValue: "Accepted");

            migrationBuilder.AddColumn<string>(
                name: "token",
                table: "workers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "closes_at",
                table: "sweeps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "deadline",
                table: "sweeps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "deadline_at",
                table: "sweeps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "opens_at",
                table: "sweeps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "sweeps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "restarts",
                table: "sweeps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "retention_best",
                table: "sweeps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "retention_keep_all",
                table: "sweeps",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "retention_last",
                table: "sweeps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "window",
                table: "sweeps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "after_pause",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "after_pause_cause",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "cancel_at_checkpoint",
                table: "runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "cost_key",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "evaluation_work",
                table: "runs",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<string>(
                name: "extractor",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "failure",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "position",
                table: "runs",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "predicted_at",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "predicted_end",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "predicted_start",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "pinned",
                table: "checkpoints",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "device",
                table: "attempts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "evaluation_seconds",
                table: "attempts",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "lost_seconds",
                table: "attempts",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "sampling_seconds",
                table: "attempts",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "training_seconds",
                table: "attempts",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: false),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "alert_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    sweep_id = table.Column<long>(type: "INTEGER", nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_events", x => x.id);
                    table.ForeignKey(
                        name: "FK_alert_events_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "run_exclusions",
                columns: table => new
                {
                    run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    worker = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
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
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    url = table.Column<string>(type: "TEXT", nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: true),
                    on_failure = table.Column<bool>(type: "INTEGER", nullable: false),
                    on_sweep_finished = table.Column<bool>(type: "INTEGER", nullable: false),
                    digest_at = table.Column<string>(type: "TEXT", nullable: true),
                    digest_zone = table.Column<string>(type: "TEXT", nullable: true),
                    enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhooks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "worker_tokens",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_worker_tokens", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_tokens", x => x.id);
                    table.ForeignKey(
                        name: "FK_api_tokens_accounts_account",
                        column: x => x.account,
                        principalTable: "accounts",
                        principalColumn: "name",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "alert_deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    webhook_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    claimed_until = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    status = table.Column<int>(type: "INTEGER", nullable: true),
                    problem = table.Column<string>(type: "TEXT", nullable: true)
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
                name: "IX_workers_name",
                table: "workers",
                column: "name");

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
                name: "IX_runs_state_ended_at",
                table: "runs",
                columns: new[] { "state", "ended_at" });

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

            migrationBuilder.CreateIndex(
                name: "IX_alert_events_run_id",
                table: "alert_events",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_api_tokens_account",
                table: "api_tokens",
                column: "account");

            migrationBuilder.CreateIndex(
                name: "IX_api_tokens_sha256",
                table: "api_tokens",
                column: "sha256",
                unique: true);

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
                name: "alert_deliveries");

            migrationBuilder.DropTable(
                name: "alert_events");

            migrationBuilder.DropTable(
                name: "api_tokens");

            migrationBuilder.DropTable(
                name: "run_exclusions");

            migrationBuilder.DropTable(
                name: "worker_tokens");

            migrationBuilder.DropTable(
                name: "webhooks");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropIndex(
                name: "IX_workers_name",
                table: "workers");

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
                name: "IX_runs_state_ended_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_queued",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_running",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_run_events_at",
                table: "run_events");

            migrationBuilder.DropIndex(
                name: "IX_attempts_ended_at_assigned_at",
                table: "attempts");

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
                name: "restarts",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "retention_best",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "retention_keep_all",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "retention_last",
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
                name: "cancel_at_checkpoint",
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
                name: "failure",
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
                name: "pinned",
                table: "checkpoints");

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
