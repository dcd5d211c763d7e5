using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CatchUp.Migrations.PostgreSql.Migrations
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
                type: "integer",
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
