using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class EvaluationGates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "gate",
                table: "evaluations",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "gate",
                table: "evaluations");
        }
    }
}
