using System.Globalization;
using System.Numerics;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search;
using CatchUp.Search.Stopping;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads a sweep file (YAML or JSON), checks it whole and says what it would do. Pure: no database, no clock.</summary>
public sealed class SweepPlanner(IReadOnlyList<Preset> presets)
{
    /// <summary>The largest sweep file, in bytes.</summary>
    public const int MostBytes = SweepDocument.MostBytes;

    private const int FirstTrials = 10, MostProblems = 50, EvenlySpread = 64, OneByOne = 500;

    /// <summary>With the presets that ship.</summary>
    public SweepPlanner()
        : this(PresetCatalog.All)
    {
    }

    /// <summary>
    /// What the file would do. Quick however many runs it has: each value is checked by itself, and rules between keys on the first
    /// and the last configuration, on every value beside the first configuration's others, and on some in between.
    /// <see cref="Check"/> looks at the rest, or of a search, whose configurations are not known, at more.
    /// </summary>
    public SweepPlan Plan(string document) => Read(document, Sample).Plan;

    /// <summary>As <see cref="Plan"/>, but every configuration is looked at: seconds for the largest sweeps.</summary>
    public SweepPlan Check(string document) => Read(document, grid => grid.Trials(), whole: true).Plan;

    /// <summary>Every run of a sweep, one after the other, made as they are asked for: the replicates of a configuration together. Of a search, what it would try if no result came.</summary>
    /// <exception cref="ArgumentException">The document has problems.</exception>
    public IEnumerable<PlannedRun> Expand(string document)
    {
        var (plan, file) = Read(document, Sample);
        return plan.IsValid ? Expand(file!) : throw new ArgumentException($"The sweep cannot be expanded: {plan.Problems[0].Message}", nameof(document));
    }

    /// <summary>The checked file with its plan, for whoever stores it.</summary>
    internal (SweepPlan Plan, SweepFile? File) Read(string document, Func<GridSearch, IEnumerable<Trial>> which, bool whole = false)
    {
        var (file, source, problems) = SweepFileReader.Read(document, presets);
        if (file is null)
        {
            return (new SweepPlan { Problems = problems }, null);
        }

        if (file.Search is not null)
        {
            var (searching, complete) = SearchPlanner.Plan(file, source, problems, whole);
            return (searching with { Problems = Ordered(problems), Searches = file.Search.Rules.Method != CatchUp.Search.Ledger.SearchMethod.Grid, FirstTrials = problems.Count > 0 ? [] : [.. SearchPlanner.Trials(complete!).Take(FirstTrials).Select(trial => PlanTrial(complete!, trial))] }, complete);
        }

        var runs = file.Space.Size * file.Replicates;
        if (runs > SweepFileSchema.MostRuns)
        {
            problems.Add(source.At(source.Has("space") ? "space" : "replicates", $"This sweep has {Count(runs)} runs ({Count(file.Space.Size)} configurations × {Count(file.Replicates)} replicates); at most {Count(SweepFileSchema.MostRuns)} are possible. Try fewer values."));
        }

        var plan = new SweepPlan
        {
            Name = file.Name,
            Project = file.Project,
            Trials = Clamp(file.Space.Size),
            Replicates = file.Replicates,
            Runs = Clamp(runs),
            SweptKeys = file.Space.Keys,
        };
        if (problems.Count > 0)
        {
            return (plan with { Problems = Ordered(problems) }, file);
        }

        var grid = new GridSearch(file.Space);
        var first = grid[0];
        var specification = file.Specify(first);
        // The numbers of an evaluation belong to the run it evaluates.
        var objective = specification.Kind == RunKind.Evaluate ? null : SweepObjectives.Complete(file.Objective, specification.Evaluation);
        CheckSeeds(file, specification.Seed, source, problems);
        if (!CheckConfigurations(file, objective, which(grid), source, problems))
        {
            // Nobody asked for this objective, and not every run measures it: then there is none.
            objective = null;
        }

        return (plan with
        {
            Problems = Ordered(problems),
            Objective = objective,
            FirstTrials = problems.Count > 0 ? [] : [.. grid.Trials().Take(FirstTrials).Select(trial => PlanTrial(file, trial))],
        }, file);
    }

    internal static IEnumerable<PlannedRun> Expand(SweepFile file)
    {
        foreach (var trial in file.Search is null ? new GridSearch(file.Space).Trials() : SearchPlanner.Trials(file))
        {
            foreach (var run in Runs(file.Name, file.Replicates, trial, file.Specify(trial)))
            {
                yield return run;
            }
        }
    }

    /// <summary>The runs of one configuration.</summary>
    internal static IEnumerable<PlannedRun> Runs(string sweep, int replicates, Trial trial, RunSpecification specification)
    {
        for (var replicate = 0; replicate < replicates; replicate++)
        {
            yield return new PlannedRun(
                trial.Index,
                replicate,
                RunNames.Make(sweep, trial.Label, Replicates.Suffix(specification.Seed, replicate, replicates)),
                trial.Parameters,
                specification with { Seed = Replicates.Seed(specification.Seed, replicate) });
        }
    }

    private static PlannedTrial PlanTrial(SweepFile file, Trial trial)
    {
        var specification = file.Specify(trial);
        return new PlannedTrial(trial.Index, RunNames.Make(file.Name, trial.Label, Replicates.Suffix(specification.Seed, 0, file.Replicates)), trial.Parameters, specification);
    }

    internal static void CheckSeeds(SweepFile file, int seed, SweepDocument source, List<SweepProblem> problems)
    {
        if ((long)seed + file.Replicates - 1 > int.MaxValue)
        {
            problems.Add(source.At("base.seed", $"Replicates use the seeds that follow, and after {Count(seed)} there are not {Count(file.Replicates)} left. Use a smaller seed."));
        }
    }

    /// <returns>Whether an objective that the file leaves open is measured by all.</returns>
    internal static bool CheckConfigurations(SweepFile file, SweepObjective? objective, IEnumerable<Trial> trials, SweepDocument source, List<SweepProblem> problems)
    {
        var said = new HashSet<(string, string)>();
        var measured = true;
        foreach (var trial in trials)
        {
            var specification = file.Specify(trial);
            var found = SpecificationRules.Check(specification).Concat(Gateless(file, specification)).Select(problem => problem with { Path = Place(file, trial, source, problem.Path) });
            if (objective is not null)
            {
                var unmeasured = SweepObjectives.Unmeasured(objective, specification).ToList();
                measured &= file.Objective is not null || unmeasured.Count == 0;
                found = file.Objective is null ? found : found.Concat(unmeasured);
            }

            foreach (var problem in found.Where(problem => said.Add((problem.Path, problem.Message))))
            {
                var where = trial.Settings.Count == 0 ? "" : $" So it is in configuration {Count(trial.Index + 1)}: {string.Join(", ", trial.Parameters.Select(pair => $"{pair.Key} = {pair.Value}"))}.";
                problems.Add(source.At(problem.Path, problem.Message + where, problem.Suggestion, problem.AtKey));
            }

            if (problems.Count >= MostProblems)
            {
                break;
            }
        }

        return measured;
    }

    /// <summary>Gates are the rungs of one kind of search and cost images; elsewhere they decide nothing.</summary>
    private static IEnumerable<SpecificationProblem> Gateless(SweepFile file, RunSpecification specification)
    {
        if (specification is { Kind: RunKind.Train, Evaluation.Gates.Count: > 0 } && file.Search?.Stopping?.Resource != Ladder.Samples)
        {
            yield return new("evaluation.gates", file.Search?.Stopping is null
                ? "Gates are rungs of a search that stops trials within their last evaluation, and nothing stops early here. Add search: { stopping: { resource: samples } }, or remove gates."
                : "Gates are rungs over samples, and the rungs of this search are over steps; a search has one kind. Set search.stopping.resource to samples, or remove gates.");
        }
    }

    /// <summary>Where the file decides a key: the value of a dimension, else evaluation, else base.</summary>
    private static string Place(SweepFile file, Trial trial, SweepDocument source, string path)
    {
        foreach (var (index, setting) in trial.Settings.Index())
        {
            if (setting.Dimension.Parameters[setting.Choice].ContainsKey(path))
            {
                return setting.Dimension.Names is null ? $"space.{setting.Path}[{setting.Choice}]{path[setting.Path.Length..]}" : $"variants[{setting.Choice}].{path}";
            }
        }

        return source.Has(path) && path.StartsWith("evaluation.", StringComparison.Ordinal) ? path : $"base.{path}";
    }

    private static IEnumerable<Trial> Sample(GridSearch grid)
    {
        var indices = new SortedSet<int> { 0, grid.Count - 1 };
        for (var part = 1; part < EvenlySpread; part++)
        {
            indices.Add((int)((long)grid.Count * part / EvenlySpread));
        }

        foreach (var index in grid.Neighbours(0).Take(OneByOne))
        {
            indices.Add(index);
        }

        return indices.Select(index => grid[index]);
    }

    private static List<SweepProblem> Ordered(List<SweepProblem> problems) => [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).Take(MostProblems)];

    internal static int Clamp(BigInteger count) => count > int.MaxValue ? int.MaxValue : (int)count;

    internal static string Count(BigInteger count) => count < 1_000_000_000_000 ? count.ToString("N0", CultureInfo.InvariantCulture) : $"more than {1_000_000_000_000:N0}";
}
