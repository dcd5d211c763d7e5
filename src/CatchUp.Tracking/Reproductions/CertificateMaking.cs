using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Compares a run with the one that it repeats. Reads only.</summary>
internal sealed class CertificateMaking(CatchUpContext context, ArtifactDirectory artifacts, DateTimeOffset now)
{
    /// <param name="reproduction">A run that repeats another.</param>
    /// <param name="original">That one; null when it was deleted.</param>
    public async Task<Certificate> MakeAsync(RunEntity reproduction, RunEntity? original, CancellationToken cancellation)
    {
        if (original is null)
        {
            return CertificateWords.Judge(
                new Certificate
                {
                    Result = CertificateResult.Nothing,
                    Verdict = "",
                    Final = RunHistory.IsEnd(reproduction.State),
                    MadeAt = now,
                    Original = new CertifiedRun(reproduction.ReproducesRunId!.Value, "", null, 0, 0, [], ""),
                    Reproduction = await CertifiedAsync(reproduction, cancellation),
                    NotCompared = [$"Run {reproduction.ReproducesRunId} was deleted, with all that it had recorded."],
                },
                isWhole: false);
        }

        // What both have had the time for. At the last step of a run that did not complete, samples and evaluations may not have been made.
        var whole = original.State == RunState.Completed && reproduction.State == RunState.Completed;
        long reach = Math.Min(original.Step, reproduction.Step), results = whole ? reach : reach - 1;
        var final = RunHistory.IsEnd(original.State) && RunHistory.IsEnd(reproduction.State);
        var (left, right) = (await EvaluationsAsync(original.Id, cancellation), await EvaluationsAsync(reproduction.Id, cancellation));
        var specification = JsonSerializer.Deserialize<RunSpecification>(reproduction.Specification, ContractJson.Options)!;
        var (snapshots, weightsLeft) = await SnapshotComparison.CompareAsync(context, artifacts, (original.Id, left), (reproduction.Id, right), results, cancellation);
        var (samples, gridsLeft) = await SampleComparison.CompareAsync(artifacts, await SamplesAsync(original.Id, cancellation), await SamplesAsync(reproduction.Id, cancellation), results, cancellation);
        var (environment, again) = (RunSummaries.Texts(original.Environment), RunSummaries.Texts(reproduction.Environment));
        var differences = original.Environment == "{}" || reproduction.Environment == "{}" ? [] : EnvironmentWords.Differences(environment, again);
        var evaluations = EvaluationComparison.Compare(specification.Evaluation, left, right, results);
        var (first, second) = (await CertifiedAsync(original, cancellation), await CertifiedAsync(reproduction, cancellation));
        return CertificateWords.Judge(
            new Certificate
            {
                Result = CertificateResult.Pending,
                Verdict = "",
                Final = final,
                MadeAt = now,
                Original = first,
                Reproduction = second,
                Points = await PointComparison.CompareAsync(context, original.Id, reproduction.Id, reach, cancellation),
                Evaluations = evaluations,
                Snapshots = snapshots,
                Samples = samples,
                Environment = differences,
                SameEnvironment = environment.Keys.Union(again.Keys).Count() - differences.Count,
                NotCompared = [.. Ends(original, reproduction, final), .. Measured(evaluations), .. weightsLeft, .. gridsLeft, .. Unknown(first, second, environment, again)],
            },
            whole);
    }

    private static IEnumerable<string> Ends(RunEntity original, RunEntity reproduction, bool final)
    {
        foreach (var run in new[] { original, reproduction }.Where(run => final && run.State != RunState.Completed))
        {
            yield return $"What comes after step {run.Step:N0}: run {run.Id} is {run.State.ToString().ToLowerInvariant()} there.";
        }
    }

    private static IEnumerable<string> Measured(ComparedEvaluations evaluations)
    {
        if (evaluations.Unlike > 0)
        {
            yield return $"{evaluations.Unlike:N0} evaluation{(evaluations.Unlike == 1 ? "" : "s")}: the extractor or the reference files were others, so the numbers say nothing about each other.";
        }
    }

    private static IEnumerable<string> Unknown(CertifiedRun original, CertifiedRun reproduction, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> again)
    {
        foreach (var (run, recorded) in new[] { (original, environment), (reproduction, again) })
        {
            if (run.Attempts > 1 && run.Workers.Count > 1)
            {
                yield return $"The environment of all {run.Attempts} attempts of run {run.Id}: only the last one's is recorded, and {string.Join(", ", run.Workers)} made them.";
            }

            if (recorded.Count > 0 && !recorded.ContainsKey("dataset_sha256"))
            {
                yield return $"The data: run {run.Id} did not record the hash of its data set.";
            }
        }
    }

    private async Task<CertifiedRun> CertifiedAsync(RunEntity run, CancellationToken cancellation)
    {
        var workers = await context.Attempts.Where(attempt => attempt.RunId == run.Id).OrderBy(attempt => attempt.Number).Select(attempt => attempt.Worker).ToListAsync(cancellation);
        return new CertifiedRun(run.Id, run.Name, run.State, run.Step, run.Attempt, [.. workers.Distinct().Take(20)], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Specification))));
    }

    private Task<List<EvaluationEntity>> EvaluationsAsync(long run, CancellationToken cancellation) => context.Evaluations.Where(made => made.RunId == run).ToListAsync(cancellation);

    private Task<List<SampleEntity>> SamplesAsync(long run, CancellationToken cancellation) =>
        context.Samples.Where(grid => grid.RunId == run).OrderBy(grid => grid.Step).ThenBy(grid => grid.Solver).ThenBy(grid => grid.Nfe).ThenBy(grid => grid.Head).ThenBy(grid => grid.NoiseBank).ToListAsync(cancellation);
}
