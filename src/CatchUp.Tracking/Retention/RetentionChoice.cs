using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Retention;

/// <summary>Which of one run's files a policy lets go. Pure: the same facts give the same answer to a dry run and to the real one.</summary>
internal static class RetentionChoice
{
    /// <param name="state">The run's; one that has not ended keeps what it has.</param>
    /// <param name="policy">Null keeps everything.</param>
    /// <param name="checkpoints">All of the run's, of both kinds.</param>
    /// <param name="ranking">Hashes of evaluated snapshots, best first.</param>
    /// <param name="needed">The step of the snapshot that each run that starts from this one, or evaluates it, still needs; 0: the newest.</param>
    /// <param name="isStored">Whether a file is in the artifact store.</param>
    public static List<CheckpointEntity> Free(
        RunState state, RetentionPolicy? policy, IReadOnlyList<CheckpointEntity> checkpoints, IReadOnlyList<string> ranking, IReadOnlyCollection<int> needed, Func<string, bool> isStored)
    {
        if (policy is null || !RunHistory.IsEnd(state))
        {
            return [];
        }

        var kept = new HashSet<long>(checkpoints.Where(c => c.Pinned).Select(c => c.Id));
        foreach (var kind in checkpoints.Where(c => !c.Removed).GroupBy(c => c.Type))
        {
            var steps = kind.Select(c => c.Step).Distinct().OrderDescending().Take(policy.Last).ToHashSet();
            kept.UnionWith(kind.Where(c => steps.Contains(c.Step)).Select(c => c.Id));
        }

        var snapshots = checkpoints.Where(c => c is { Type: CheckpointKind.Snapshot, Removed: false }).OrderByDescending(c => c.Step).ThenByDescending(c => c.Id).ToList();
        var best = ranking.Take(policy.Best).ToHashSet(StringComparer.Ordinal);
        kept.UnionWith(snapshots.Where(c => best.Contains(c.Sha256) || needed.Contains(c.Step)).Select(c => c.Id));
        if (needed.Contains(0) && snapshots.Count > 0)
        {
            kept.Add(snapshots[0].Id);
        }

        // A run that did not complete can be tried again, and goes on from the newest file that has arrived.
        if (state != RunState.Completed
            && checkpoints.Where(c => c.Type == CheckpointKind.Checkpoint && isStored(c.Sha256)).OrderByDescending(c => c.Step).ThenByDescending(c => c.Id).FirstOrDefault() is { } resume)
        {
            kept.Add(resume.Id);
        }

        return [.. checkpoints.Where(c => !kept.Contains(c.Id))];
    }
}
