using System.Globalization;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Queue;

/// <summary>Stores attempts that begin, and what the history of their runs says of it, in one way to the server: a claim for many slots spends its time here.</summary>
internal static class AttemptWriter
{
    public static async Task WriteAsync(CatchUpContext context, IReadOnlyList<AttemptEntity> attempts, CancellationToken cancellation)
    {
        if (attempts.Count == 0)
        {
            return;
        }

        var (events, eventParameters) = Rows(
            attempts, "event", attempt => [attempt.RunId, attempt.AssignedAt, attempt.Number, $"Attempt {attempt.Number} was given to {attempt.Worker}, slot {attempt.Slot}."], ", 'Queued', 'Running'");
        var (rows, parameters) = Rows(
            attempts, "attempt",
            attempt =>
            [
                attempt.RunId, attempt.Number, attempt.Worker, attempt.Incarnation, attempt.Slot, attempt.Device, attempt.RequestId, attempt.Assignment, attempt.LeaseExpiresAt, attempt.FromStep,
                attempt.LastStep, attempt.AssignedAt,
            ],
            ", TRUE, FALSE, 0, 0, 0, 0, 0, 0, 0");
        await Sql.ExecuteAsync(
            context,
            $"""
            INSERT INTO run_events (run_id, at, attempt, cause, from_state, to_state) VALUES {events};
            INSERT INTO attempts (run_id, number, worker, incarnation, slot, device, request_id, assignment, lease_expires_at, from_step, last_step, assigned_at,
              live, ended_by_journal, position, training_seconds, sampling_seconds, evaluation_seconds, lost_seconds, log_head_bytes, log_tail_bytes)
            VALUES {rows}
            """,
            cancellation, [.. eventParameters, .. parameters]);
    }

    /// <summary>A row of parameters for each attempt, and what is the same in all rows.</summary>
    private static (string Rows, List<(string Name, object? Value)> Parameters) Rows(IReadOnlyList<AttemptEntity> attempts, string name, Func<AttemptEntity, object?[]> values, string rest)
    {
        var (rows, parameters) = (new List<string>(), new List<(string Name, object? Value)>());
        foreach (var attempt in attempts)
        {
            var row = values(attempt).Select((value, column) => (Name: string.Create(CultureInfo.InvariantCulture, $"@{name}{rows.Count}x{column}"), Value: value)).ToList();
            rows.Add($"({string.Join(", ", row.Select(parameter => parameter.Name))}{rest})");
            parameters.AddRange(row);
        }

        return (string.Join(",\n", rows), parameters);
    }
}
