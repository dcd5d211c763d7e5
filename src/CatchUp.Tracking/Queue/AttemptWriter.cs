using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Queue;

/// <summary>Stores attempts that begin, and what the history of their runs says of it, in one way to the server: a claim for many slots spends its time here.</summary>
internal static class AttemptWriter
{
    private static readonly (string Name, string Value)[] Begins =
    [
        ("live", "TRUE"), ("ended_by_journal", "FALSE"), ("position", "0"), ("training_seconds", "0"), ("sampling_seconds", "0"), ("evaluation_seconds", "0"), ("lost_seconds", "0"),
        ("log_head_bytes", "0"), ("log_tail_bytes", "0"),
    ];

    private static readonly (string Name, string Value)[] Runs = [("from_state", "'Queued'"), ("to_state", "'Running'")];

    public static async Task WriteAsync(CatchUpContext context, DatabaseDialect dialect, IReadOnlyList<AttemptEntity> attempts, CancellationToken cancellation)
    {
        if (attempts.Count == 0)
        {
            return;
        }

        var events = new NewRows(
            "run_events",
            [
                ("run_id", Column(attempt => attempt.RunId)),
                ("at", Column(attempt => attempt.AssignedAt)),
                ("attempt", Column(attempt => attempt.Number)),
                ("cause", Column(attempt => $"Attempt {attempt.Number} was given to {attempt.Worker}, slot {attempt.Slot}.")),
            ],
            Runs);
        var rows = new NewRows(
            "attempts",
            [
                ("run_id", Column(attempt => attempt.RunId)),
                ("number", Column(attempt => attempt.Number)),
                ("worker", Column(attempt => attempt.Worker)),
                ("incarnation", Column(attempt => attempt.Incarnation)),
                ("slot", Column(attempt => attempt.Slot)),
                ("device", Column(attempt => attempt.Device)),
                ("request_id", Column(attempt => attempt.RequestId)),
                ("assignment", Column(attempt => attempt.Assignment)),
                ("lease_expires_at", Column(attempt => attempt.LeaseExpiresAt)),
                ("from_step", Column(attempt => attempt.FromStep)),
                ("last_step", Column(attempt => attempt.LastStep)),
                ("assigned_at", Column(attempt => attempt.AssignedAt)),
            ],
            Begins);
        await dialect.InsertAsync(context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), [events, rows], cancellation);

        T[] Column<T>(Func<AttemptEntity, T> value) => [.. attempts.Select(value)];
    }
}
