using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Compares the averaged weights of two runs. Evaluations know the hash of what they measured, also when the file is gone.</summary>
internal static class SnapshotComparison
{
    public static async Task<(ComparedSnapshots Snapshots, IReadOnlyList<string> NotCompared)> CompareAsync(
        CatchUpContext context, ArtifactDirectory artifacts, (long Id, IReadOnlyList<EvaluationEntity> Evaluations) original, (long Id, IReadOnlyList<EvaluationEntity> Evaluations) reproduction, long reach, CancellationToken cancellation)
    {
        var left = await HashesAsync(context, original.Id, original.Evaluations, cancellation);
        var right = await HashesAsync(context, reproduction.Id, reproduction.Evaluations, cancellation);
        var identical = 0;
        List<ComparedSnapshot> different = [];
        List<string> notCompared = [];
        foreach (var (step, sha256) in left.Where(snapshot => right.ContainsKey(snapshot.Key)))
        {
            var again = right[step];
            var distance = sha256 == again ? null : await DistanceAsync(artifacts, sha256, again, cancellation);
            if (sha256 == again || distance is { Differing: 0 })
            {
                identical++;
            }
            else
            {
                different.Add(new ComparedSnapshot(step, sha256, again, distance?.Largest, distance?.Differing, distance?.Weights));
                if (distance is null && different.Count <= 3)
                {
                    notCompared.Add($"How far the weights at step {step:N0} are apart: {(artifacts.Contains(sha256) && artifacts.Contains(again) ? "the two files hold unlike networks" : $"the file of run {(artifacts.Contains(sha256) ? reproduction.Id : original.Id)} is not stored any more, only its hash")}.");
                }
            }
        }

        Lacking(left, right, original.Id, reproduction.Id);
        Lacking(right, left, reproduction.Id, original.Id);
        return (new ComparedSnapshots { Identical = identical, Different = different.Count, Differences = [.. different.Take(Certificate.MostListed)] }, notCompared);

        void Lacking(SortedDictionary<int, string> has, SortedDictionary<int, string> lacks, long owner, long other)
        {
            var steps = has.Keys.Where(step => step <= reach && !lacks.ContainsKey(step)).ToList();
            if (steps.Count > 0)
            {
                notCompared.Add($"The weights of run {owner} at {(steps.Count == 1 ? "step" : "steps")} {string.Join(", ", steps.Take(10).Select(step => step.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)))}{(steps.Count > 10 ? " …" : "")}: those of run {other} were freed by retention or replaced by later ones.");
            }
        }
    }

    private static async Task<WeightDistance.Result?> DistanceAsync(ArtifactDirectory artifacts, string original, string reproduction, CancellationToken cancellation)
    {
        if (artifacts.Open(original) is not { } left)
        {
            return null;
        }

        await using (left)
        {
            if (artifacts.Open(reproduction) is not { } right)
            {
                return null;
            }

            await using (right)
            {
                return await WeightDistance.BetweenAsync(left, right, cancellation);
            }
        }
    }

    private static async Task<SortedDictionary<int, string>> HashesAsync(CatchUpContext context, long run, IReadOnlyList<EvaluationEntity> evaluations, CancellationToken cancellation)
    {
        var hashes = new SortedDictionary<int, string>();
        foreach (var made in evaluations.OrderBy(made => made.Id))
        {
            hashes[made.Step] = made.SnapshotSha256;
        }

        var stored = await context.Checkpoints.Where(file => file.RunId == run && file.Type == CheckpointKind.Snapshot && !file.Removed).OrderBy(file => file.Id).Select(file => new { file.Step, file.Sha256 }).ToListAsync(cancellation);
        stored.ForEach(file => hashes[file.Step] = file.Sha256);
        return hashes;
    }
}
