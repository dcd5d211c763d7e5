using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Queue;

/// <summary>Gives waiting runs another place. A place is a number; whoever is moved takes the priority of the place it goes to.</summary>
internal static class QueueMoves
{
    public static async Task<CommandOutcome> MoveAsync(CatchUpContext context, DatabaseDialect dialect, QueueMove move, long now, CancellationToken cancellation)
    {
        if ((move.Run is null) == (move.Sweep is null) || new[] { move.Before is not null, move.After is not null, move.ToTop }.Count(said => said) != 1)
        {
            return Refused("Say which run or which sweep moves, and one place: before, after or the top.");
        }

        if (dialect.SerialiseClaims is { } serialise)
        {
            await Sql.ExecuteAsync(context, serialise, cancellation);
        }

        // Runs from before places were kept.
        await Sql.ExecuteAsync(context, "UPDATE runs SET position = sweep_id * @places + id % @places WHERE state = 'Queued' AND position = 0", cancellation, ("@places", (long)SweepRunWriter.PlacesOfASweep));
        var (column, id, what) = move.Run is { } run ? ("id", run, "run") : ("sweep_id", move.Sweep!.Value, "sweep");
        if (await RefuseAsync(context, column, id, what, cancellation) is { } refused)
        {
            return refused;
        }

        return move.ToTop
            ? await ToTopAsync(context, column, id, what, now, cancellation)
            : await BesideAsync(context, column, id, what, move.Before ?? move.After!.Value, move.Before is not null, now, cancellation);
    }

    private static async Task<CommandOutcome> ToTopAsync(CatchUpContext context, string column, long id, string what, long now, CancellationToken cancellation)
    {
        var others = await Sql.NumberAsync(context, $"SELECT MAX(priority) FROM runs WHERE state = 'Queued' AND {column} <> @id", cancellation, ("@id", id));
        var own = await Sql.NumberAsync(context, $"SELECT MIN(priority) FROM runs WHERE state = 'Queued' AND {column} = @id", cancellation, ("@id", id)) ?? 0;
        if (others is null || own > others)
        {
            return Accepted($"The {what} is at the top already.");
        }

        // Above all others, so that it is next whoever has how many running; where there is no higher priority, before the others of the highest.
        var priority = Math.Min(others.Value + 1, SweepFileSchema.MostPriority);
        var first = (await PlacesAsync(context, $"SELECT MIN(position) FROM runs WHERE state = 'Queued' AND {column} <> @id", cancellation, ("@id", id)))[0] ?? 0;
        await PlaceAsync(context, column, id, priority, first - 1 - await CountAsync(context, column, id, cancellation), 1, now, cancellation);
        return Accepted($"The {what} is at the top, with priority {priority}.");
    }

    private static async Task<CommandOutcome> BesideAsync(CatchUpContext context, string column, long id, string what, long target, bool before, long now, CancellationToken cancellation)
    {
        if (target == id)
        {
            return Refused($"A {what} cannot stand beside itself.");
        }

        if (await RefuseAsync(context, column, target, what, cancellation) is { } refused)
        {
            return refused;
        }

        var edge = before ? "MIN" : "MAX";
        var priority = await Sql.NumberAsync(context, $"SELECT {(before ? "MAX" : "MIN")}(priority) FROM runs WHERE state = 'Queued' AND {column} = @target", cancellation, ("@target", target)) ?? 0;
        var place = (await PlacesAsync(
            context, $"SELECT {edge}(position) FROM runs WHERE state = 'Queued' AND {column} = @target AND priority = @priority", cancellation, ("@target", target), ("@priority", priority)))[0]!.Value;

        // Everyone from there on makes room, so that places never come too close to be told apart.
        var count = await CountAsync(context, column, id, cancellation);
        var comparison = before ? ">=" : ">";
        await Sql.ExecuteAsync(
            context, $"UPDATE runs SET position = position + @room WHERE state = 'Queued' AND position {comparison} @place AND {column} <> @id", cancellation,
            ("@room", (double)count), ("@place", place), ("@id", id));
        await PlaceAsync(context, column, id, priority, before ? place : place + 0.5, before ? 1 : 0.5 / count, now, cancellation);
        var sameSweep = what == "run" && await Sql.NumberAsync(context, "SELECT COUNT(DISTINCT sweep_id) FROM runs WHERE id IN (@id, @target)", cancellation, ("@id", id), ("@target", target)) == 1;
        return Accepted($"The {what} stands {(before ? "before" : "behind")} {what} {target} now, with its priority, {priority}.{(sameSweep ? "" : " Among equal priorities, owners and sweeps with fewer running runs still come first.")}");
    }

    /// <summary>Puts what moves at a place and those that follow, in the order it has.</summary>
    private static Task<int> PlaceAsync(CatchUpContext context, string column, long id, long priority, double place, double distance, long now, CancellationToken cancellation) => Sql.ExecuteAsync(
        context,
        $"""
        WITH ordered AS (SELECT id, ROW_NUMBER() OVER (ORDER BY priority DESC, position, id) - 1 AS number FROM runs WHERE state = 'Queued' AND {column} = @id)
        UPDATE runs SET priority = @priority, updated_at = @now, position = @place + @distance * (SELECT number FROM ordered WHERE ordered.id = runs.id)
        WHERE state = 'Queued' AND {column} = @id
        """,
        cancellation,
        ("@id", id), ("@priority", (int)priority), ("@now", now), ("@place", place), ("@distance", distance));

    private static async Task<CommandOutcome?> RefuseAsync(CatchUpContext context, string column, long id, string what, CancellationToken cancellation)
    {
        if (await CountAsync(context, column, id, cancellation) > 0)
        {
            return null;
        }

        if (what == "sweep")
        {
            return await Sql.NumberAsync(context, "SELECT COUNT(*) FROM sweeps WHERE id = @id", cancellation, ("@id", id)) > 0
                ? Refused($"No run of sweep {id} waits, so it has no place in the queue.")
                : new CommandOutcome(CommandResult.NotFound, $"There is no sweep {id}.");
        }

        var states = await Sql.ListAsync(context, "SELECT state FROM runs WHERE id = @id", row => row.GetString(0), cancellation, ("@id", id));
        return states is [var state]
            ? Refused($"Run {id} is {state.ToLowerInvariant()}; only runs that wait have a place in the queue.")
            : new CommandOutcome(CommandResult.NotFound, $"There is no run {id}.");
    }

    private static async Task<long> CountAsync(CatchUpContext context, string column, long id, CancellationToken cancellation) =>
        await Sql.NumberAsync(context, $"SELECT COUNT(*) FROM runs WHERE state = '{nameof(RunState.Queued)}' AND {column} = @id", cancellation, ("@id", id)) ?? 0;

    private static Task<List<double?>> PlacesAsync(CatchUpContext context, string text, CancellationToken cancellation, params (string Name, object? Value)[] parameters) =>
        Sql.ListAsync(context, text, row => Sql.Double(row, 0), cancellation, parameters);

    private static CommandOutcome Accepted(string message) => new(CommandResult.Accepted, message);

    private static CommandOutcome Refused(string message) => new(CommandResult.Refused, message);
}
