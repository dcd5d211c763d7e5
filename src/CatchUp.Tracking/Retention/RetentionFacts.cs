using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Retention;

/// <summary>All that <see cref="RetentionChoice"/> asks about the runs of one sweep.</summary>
internal sealed class RetentionFacts
{
    private readonly RetentionPolicy? _policy;
    private readonly Dictionary<long, RunState> _states;
    private readonly ILookup<long, CheckpointEntity> _checkpoints;
    private readonly Dictionary<long, IReadOnlyList<string>> _rankings;
    private readonly ILookup<long, int> _needed;

    private RetentionFacts(RetentionPolicy? policy, Dictionary<long, RunState> states, ILookup<long, CheckpointEntity> checkpoints, Dictionary<long, IReadOnlyList<string>> rankings, ILookup<long, int> needed)
        => (_policy, _states, _checkpoints, _rankings, _needed) = (policy, states, checkpoints, rankings, needed);

    public static RetentionPolicy? PolicyOf(SweepEntity sweep, TrackingOptions options) => sweep switch
    {
        { RetentionKeepAll: true } => null,
        { RetentionLast: null, RetentionBest: null } => options.Retention,
        _ => new RetentionPolicy(sweep.RetentionLast ?? 1, sweep.RetentionBest ?? 1),
    };

    /// <param name="context">To read with.</param>
    /// <param name="sweep">Whose runs.</param>
    /// <param name="options">The server's own policy.</param>
    /// <param name="only">One of its runs; null: all that have files.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RetentionFacts> ReadAsync(CatchUpContext context, SweepEntity sweep, TrackingOptions options, long? only, CancellationToken cancellation)
    {
        var runs = context.Runs.AsNoTracking().Where(run => run.SweepId == sweep.Id && (only == null || run.Id == only));
        var checkpoints = await context.Checkpoints.AsNoTracking().Where(c => runs.Any(run => run.Id == c.RunId)).OrderBy(c => c.Id).ToListAsync(cancellation);
        var states = await runs.Where(run => context.Checkpoints.Any(c => c.RunId == run.Id)).ToDictionaryAsync(run => run.Id, run => run.State, cancellation);
        var policy = PolicyOf(sweep, options);
        Dictionary<long, IReadOnlyList<string>> rankings = [];
        if (policy is { Best: > 0 } && sweep.ObjectiveMetric is { } metric)
        {
            var evaluations = await context.Evaluations.AsNoTracking().Where(e => e.Metric == metric && e.Gate == 0 && runs.Any(run => run.Id == e.RunId)).ToListAsync(cancellation);
            rankings = evaluations.GroupBy(e => e.RunId).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. BestEvaluation.Ranked(sweep, [.. group]).Select(e => e.SnapshotSha256).Distinct()]);
        }

        // Of whichever sweep. One that failed or was cancelled can be tried again; only one that has completed needs nothing any more.
        var children = await context.Runs.AsNoTracking()
            .Where(child => child.State != RunState.Completed && child.ParentRunId != null && runs.Any(run => run.Id == child.ParentRunId))
            .Select(child => new { Parent = child.ParentRunId!.Value, child.InitialStep, child.Specification }).ToListAsync(cancellation);
        var needed = children.ToLookup(child => child.Parent, child => child.InitialStep ?? JsonSerializer.Deserialize<RunSpecification>(child.Specification, ContractJson.Options)!.InitialRun.Step);
        return new RetentionFacts(policy, states, checkpoints.ToLookup(c => c.RunId), rankings, needed);
    }

    /// <summary>What is let go, and by which runs.</summary>
    public IEnumerable<CheckpointEntity> Free(ArtifactDirectory artifacts) => _states.SelectMany(run =>
        RetentionChoice.Free(run.Value, _policy, [.. _checkpoints[run.Key]], _rankings.GetValueOrDefault(run.Key, []), [.. _needed[run.Key]], artifacts.Contains));

    public IEnumerable<CheckpointEntity> All => _checkpoints.SelectMany(group => group);
}
