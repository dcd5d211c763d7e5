using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Configurations;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Writes a sweep's runs, many rows a statement: never are more of them in memory than one statement holds.</summary>
internal static class SweepRunWriter
{
    /// <summary>More than a sweep can have runs.</summary>
    public const double PlacesOfASweep = 200_000;

    private const int RowsAtOnce = 60;

    private static readonly string[] Columns =
    [
        "sweep_id", "trial", "replicate", "name", "project", "kind", "parent_run_id", "specification", "parameters", "state", "pending_order", "attempt", "lost_attempts",
        "step", "steps", "seed", "priority", "position", "dataset", "extractor", "cost_key", "evaluation_work", "created_at", "updated_at", "environment", "archived", "configuration",
    ];

    /// <summary>The place of a new run in the queue's order by hand: behind every older run, with room before and after it.</summary>
    public static double Place(long sweep, int index) => (sweep * PlacesOfASweep) + index;

    /// <param name="before">How many runs the sweep has already.</param>
    public static async Task<int> WriteAsync(CatchUpContext context, SweepEntity sweep, IEnumerable<PlannedRun> runs, long now, CancellationToken cancellation, int before = 0)
    {
        var count = 0;
        DbCommand? full = null;
        ConfigurationIndex? index = null;
        try
        {
            foreach (var chunk in runs.Chunk(RowsAtOnce))
            {
                index ??= await ConfigurationIndex.OpenAsync(context, sweep.Id, chunk[0].Specification, cancellation);
                var values = Array.ConvertAll(chunk, run => Configuration.ValuesOf(run.Specification));
                IReadOnlyList<long> ids;
                if (chunk.Length == RowsAtOnce)
                {
                    full ??= Command(context, RowsAtOnce);
                    ids = await FillAndExecuteAsync(full, sweep, chunk, values, before + count, now, cancellation);
                }
                else
                {
                    var rest = Command(context, chunk.Length);
                    await using (rest)
                    {
                        ids = await FillAndExecuteAsync(rest, sweep, chunk, values, before + count, now, cancellation);
                    }
                }

                await index.WriteAsync(context, ids.Zip(values), cancellation);
                count += chunk.Length;
            }
        }
        finally
        {
            if (full is not null)
            {
                await full.DisposeAsync();
            }
        }

        return count;
    }

    private static DbCommand Command(CatchUpContext context, int rows)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        var text = new StringBuilder($"INSERT INTO runs ({string.Join(", ", Columns)}) VALUES ");
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : "), (");
            for (var column = 0; column < Columns.Length; column++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{row}_{column}");
                command.Parameters.Add(parameter);
                text.Append(column == 0 ? "" : ", ").Append(parameter.ParameterName);
            }
        }

        command.CommandText = text.Append(") RETURNING id, position").ToString();
        return command;
    }

    /// <returns>The runs' ids, in their order.</returns>
    private static async Task<IReadOnlyList<long>> FillAndExecuteAsync(DbCommand command, SweepEntity sweep, PlannedRun[] runs, ConfigurationValue[][] configurations, int first, long now, CancellationToken cancellation)
    {
        var index = 0;
        foreach (var (offset, run) in runs.Index())
        {
            var cost = RunCost.Of(run.Specification);
            object[] values =
            [
                sweep.Id, run.Trial, run.Replicate, run.Name, sweep.Project, run.Specification.Kind.ToString(), run.Specification.InitialRun.Id() ?? (object)DBNull.Value, JsonSerializer.Serialize(run.Specification, ContractJson.Options), JsonSerializer.Serialize(run.Parameters, ContractJson.Options),
                nameof(RunState.Queued), nameof(OrderKind.Continue), 0, 0,
                0, run.Specification.Training.Iterations, run.Specification.Seed, sweep.Priority, Place(sweep.Id, first + offset), run.Specification.Data.Dataset, cost.Extractor ?? (object)DBNull.Value, cost.Key, cost.EvaluationWork, now, now, "{}", false, Configuration.HashOf(configurations[offset]),
            ];
            foreach (var value in values)
            {
                command.Parameters[index++].Value = value;
            }
        }

        // In which order a statement tells of its rows is not promised.
        var ids = new List<(double Position, long Id)>(runs.Length);
        var reader = await command.ExecuteReaderAsync(cancellation);
        await using (reader)
        {
            while (await reader.ReadAsync(cancellation))
            {
                ids.Add((reader.GetDouble(1), reader.GetInt64(0)));
            }
        }

        return [.. ids.OrderBy(pair => pair.Position).Select(pair => pair.Id)];
    }
}
