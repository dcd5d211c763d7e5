using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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

            migrationBuilder.AddColumn<bool>(
                name: "pinned",
                table: "checkpoints",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
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
                name: "pinned",
                table: "checkpoints");
        }
    }
}
