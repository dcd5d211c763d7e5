using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Ties the runs of a new sweep to the runs they start from.</summary>
internal static class RunParents
{
    /// <summary>Every run that a sweep names by id must be there, and be able to give its weights some day.</summary>
    public static async Task<IReadOnlyList<SweepProblem>> CheckAsync(CatchUpContext context, SweepFile file, CancellationToken cancellation)
    {
        var problems = new List<SweepProblem>();
        foreach (var (path, initial) in Named(file))
        {
            var id = initial.Id();
            var parent = id is null ? null : await context.Runs.Where(run => run.Id == id).Select(run => new { run.Name, run.State, run.Kind }).FirstOrDefaultAsync(cancellation);
            if (id is not null && parent is null)
            {
                problems.Add(new(path, $"There is no run {id}. Take the id of a run from its page."));
            }
            else if (parent is { Kind: RunKind.Evaluate })
            {
                problems.Add(new(path, $"Run {id} (\"{parent.Name}\") evaluates another run and has no weights of its own. Name the run that trained."));
            }
            else if (parent is { State: RunState.Completed or RunState.Failed or RunState.Cancelled or RunState.Pruned } && !await HasSnapshotAsync(context, id!.Value, initial.Step, cancellation))
            {
                problems.Add(new(path, $"Run {id} (\"{parent.Name}\") is {parent.State.ToString().ToLowerInvariant()} and has no snapshot{(initial.Step > 0 ? $" of step {initial.Step}" : "")}. Choose another run or step."));
            }
        }

        return problems;
    }

    /// <summary>To be called when the sweep's runs are written.</summary>
    public static async Task WriteAsync(CatchUpContext context, long sweep, SweepFile file, CancellationToken cancellation)
    {
        foreach (var (first, last, back) in file.Parents())
        {
            await Sql.ExecuteAsync(
                context,
                """
                UPDATE runs SET parent_run_id = (
                  SELECT p.id FROM runs p WHERE p.sweep_id = @sweep AND p.trial = runs.trial - @back AND p.replicate = runs.replicate)
                WHERE sweep_id = @sweep AND trial BETWEEN @first AND @last
                """,
                cancellation,
                ("@sweep", sweep), ("@back", back), ("@first", first), ("@last", last));
        }

        // An evaluation needs the data of the run it evaluates, and is as far as that run's snapshot.
        await Sql.ExecuteAsync(
            context,
            """
            UPDATE runs SET
              dataset = (SELECT p.dataset FROM runs p WHERE p.id = runs.parent_run_id),
              steps = (SELECT p.steps FROM runs p WHERE p.id = runs.parent_run_id)
            WHERE sweep_id = @sweep AND kind = 'Evaluate'
            """,
            cancellation,
            ("@sweep", sweep));
    }

    private static Task<bool> HasSnapshotAsync(CatchUpContext context, long run, int step, CancellationToken cancellation) =>
        context.Checkpoints.AnyAsync(c => c.RunId == run && c.Type == Contracts.Journal.CheckpointKind.Snapshot && !c.Removed && (step == 0 || c.Step == step), cancellation);

    private static IEnumerable<(string Path, InitialRunSpecification Initial)> Named(SweepFile file)
    {
        var first = SpecificationValidator.Read(file.Base.DeepClone().AsObject()).InitialRun;
        yield return ("base.initialRun.run", first);
        for (var index = 0; index < (file.Variants?.Values.Count ?? 0); index++)
        {
            if (file.Variants!.Values[index]["initialRun"] is not null)
            {
                var merged = file.Base.DeepClone().AsObject();
                SpecificationMerge.Apply(merged, file.Variants.Values[index].AsObject());
                yield return ($"variants[{index}].initialRun.run", SpecificationValidator.Read(merged).InitialRun);
            }
        }
    }
}
