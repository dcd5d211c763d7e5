using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search;
using CatchUp.Search.Ledger;
using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Searches;

namespace CatchUp.Tracking.Sweeps;

/// <summary>The planner's part for sweeps that search: completes what the file leaves open, and tries configurations of the space.</summary>
internal static class SearchPlanner
{
    private const int Tried = 64, TriedWhole = 500;

    /// <summary>Grids up to this are counted while someone types; larger ones with conditions or constraints are only when they are launched.</summary>
    private const int Counted = 5000;

    /// <returns>The plan but for its first trials, and the file with its search complete; null when there are problems.</returns>
    public static (SweepPlan Plan, SweepFile? Complete) Plan(SweepFile file, SweepDocument source, List<SweepProblem> problems, bool whole)
    {
        var search = file.Search!;
        var plan = new SweepPlan { Name = file.Name, Project = file.Project, Replicates = file.Replicates, SweptKeys = file.Space.Keys };
        if (problems.Count > 0)
        {
            return (plan, null);
        }

        var rules = search.Rules;
        if (rules.Method == SearchMethod.Grid)
        {
            if (GridMethod.Problem(file.Space) is { } noGrid)
            {
                problems.Add(source.At(noGrid.Path == "search.method" && !source.Has(noGrid.Path) ? "space" : noGrid.Path, noGrid.Message, noGrid.Suggestion));
                return (plan, null);
            }

            rules = rules with { Trials = Count(file.Space, whole) };
        }

        var runs = (long)rules.Trials * file.Replicates;
        plan = plan with { Trials = rules.Trials, Runs = SweepPlanner.Clamp(runs) };
        if (runs > SweepFileSchema.MostRuns)
        {
            problems.Add(source.At(source.Has("search.trials") ? "search.trials" : "space", $"This sweep has {SweepPlanner.Count(runs)} runs ({SweepPlanner.Count(rules.Trials)} trials × {SweepPlanner.Count(file.Replicates)} replicates); at most {SweepPlanner.Count(SweepFileSchema.MostRuns)} are possible. Try fewer."));
            return (plan, null);
        }

        var sample = Sample(file.Space, whole ? TriedWhole : Tried);
        var first = file.Specify(sample[0]);
        var objective = first.Kind == RunKind.Evaluate ? null : SweepObjectives.Complete(file.Objective, first.Evaluation);
        if (first.Kind == RunKind.Evaluate)
        {
            problems.Add(source.At("base.kind", "A search trains its trials. Evaluate runs with a plain grid.", atKey: true));
            return (plan, null);
        }

        SweepPlanner.CheckSeeds(file, first.Seed, source, problems);
        if (!SweepPlanner.CheckConfigurations(file, objective, sample, source, problems))
        {
            objective = null;
        }

        IReadOnlyList<SearchObjective> objectives = search.Objectives.Count > 0 ? [.. search.Objectives.Select(each => each.Measure == SearchMeasure.GpuHours ? each : each with { Solver = each.Solver ?? first.Evaluation.Solvers[0] })]
            : objective is null ? [] : [SearchObjective.Of(objective)];
        CheckObjectives(search, rules, objectives, sample.Select(file.Specify), source, problems);
        rules = rules with { Goals = objectives.Count == 0 ? [Goal.Minimize] : [.. objectives.Select(each => each.Goal)], Stopping = search.Stopping is { } stopping ? Rungs(stopping, first, objectives, file, source, problems) : null };
        return problems.Count > 0 ? (plan, null) : (plan with { Objective = objective }, file with { Search = search with { Rules = rules, Objectives = objectives } });
    }

    /// <summary>What the search would try, were no result to come.</summary>
    public static IEnumerable<Trial> Trials(SweepFile file) => Trials(file.Space, file.Search!.Rules with { Stopping = null });

    private static IEnumerable<Trial> Trials(SearchSpace space, SearchRules rules)
    {
        var ledger = new SearchLedger(space, rules);
        while (ledger.Next() is LedgerEntry.Proposed proposed)
        {
            yield return ledger.History.Trials[proposed.Trial].Configuration.ToTrial(proposed.Trial);
        }
    }

    private static List<Trial> Sample(SearchSpace space, int count) => [.. Trials(space, new SearchRules { Method = SearchMethod.Random, Trials = count })];

    private static int Count(SearchSpace space, bool whole) =>
        !whole && space.Size > Counted ? SweepPlanner.Clamp(space.Size) : (int)GridMethod.Count(space);

    private static void CheckObjectives(SweepSearch search, SearchRules rules, IReadOnlyList<SearchObjective> objectives, IEnumerable<RunSpecification> specifications, SweepDocument source, List<SweepProblem> problems)
    {
        if (objectives.Count == 0 && (rules.Method == SearchMethod.Tpe || search.Stopping is not null))
        {
            problems.Add(source.At(rules.Method == SearchMethod.Tpe ? "search.method" : "search.stopping", $"{(rules.Method == SearchMethod.Tpe ? "tpe learns from" : "Rungs compare")} results, and not every trial measures one. Give evaluation samples and metrics, and name an objective that all of them measure."));
        }

        if (search.Stopping is not null && objectives is [{ Measure: SearchMeasure.GpuHours }, ..])
        {
            problems.Add(source.At("search.objectives[0]", $"Rungs compare the first objective, and {SearchObjective.GpuHours} are known at the end only. Put a metric first."));
        }

        var said = new HashSet<(int, string)>();
        foreach (var specification in specifications.Where(_ => search.Objectives.Count > 0))
        {
            foreach (var (index, objective) in objectives.Index().Where(pair => pair.Item.Measure != SearchMeasure.GpuHours))
            {
                foreach (var problem in objective.Nfe.SelectMany(nfe => SweepObjectives.Unmeasured(objective.At(nfe), specification)).Where(problem => said.Add((index, problem.Message))))
                {
                    problems.Add(source.At($"search.objectives[{index}]{problem.Path["objective".Length..]}", problem.Message, problem.Suggestion));
                }
            }
        }
    }

    private static StoppingRules? Rungs(SweepStopping stopping, RunSpecification specification, IReadOnlyList<SearchObjective> objectives, SweepFile file, SweepDocument source, List<SweepProblem> problems)
    {
        var levels = stopping.Resource == Ladder.Samples ? Gates(stopping, specification, objectives, source, problems) : Evaluations(stopping, specification, file, source, problems);
        if (levels is null)
        {
            return null;
        }

        var rules = new StoppingRules { Ladders = [new Ladder(stopping.Resource, levels, stopping.Reduction)], Waits = stopping.Waits, Brackets = stopping.Brackets, Least = stopping.Least };
        rules = stopping.Spared is { } share ? rules with { SparedShare = share } : rules;
        if (rules.Problem() is { } problem)
        {
            problems.Add(source.At("search.stopping", problem));
        }

        return rules;
    }

    /// <summary>Rungs over steps lie at evaluations that every trial makes before its end.</summary>
    private static List<long>? Evaluations(SweepStopping stopping, RunSpecification specification, SweepFile file, SweepDocument source, List<SweepProblem> problems)
    {
        var (full, every) = (specification.Training.Iterations, specification.Evaluation.Every);
        if (file.Space.Keys.FirstOrDefault(key => key == "training.iterations") is { } swept)
        {
            problems.Add(source.At($"space.{swept}", "Rungs compare trials after the same training steps, and this gives them unlike numbers of steps. Fix it in base, or remove search.stopping.", atKey: true));
            return null;
        }

        if (every == 0)
        {
            problems.Add(source.At("search.stopping", "Trials are compared at evaluations before their end, and evaluation.every is 0. Say after how many steps to evaluate, as in evaluation: { every: 100 }."));
            return null;
        }

        // A rung between two evaluations is that of the later one.
        var levels = Ladder.Geometric(Ladder.Steps, stopping.First ?? every, full, stopping.Reduction).Levels.Select(level => (level + every - 1) / every * every).Where(level => level < full).Distinct().ToList();
        if (levels.Count == 0)
        {
            problems.Add(source.At(source.Has("search.stopping.first") ? "search.stopping.first" : "search.stopping", $"No evaluation lies between {stopping.First ?? every:N0} steps and the end at {full:N0}, so nothing could be stopped early. Evaluate more often or begin lower."));
            return null;
        }

        return levels;
    }

    /// <summary>Rungs over samples are the gates of the last evaluation.</summary>
    private static List<long>? Gates(SweepStopping stopping, RunSpecification specification, IReadOnlyList<SearchObjective> objectives, SweepDocument source, List<SweepProblem> problems)
    {
        if (specification.Evaluation.Gates.Count == 0)
        {
            problems.Add(source.At("search.stopping.resource", "Rungs over samples are evaluation.gates, and there are none. Say how many images to measure first, as in evaluation: { samples: 10000, gates: [200, 1000] }."));
            return null;
        }

        if (stopping.First is not null)
        {
            problems.Add(source.At("search.stopping.first", "first counts training steps, and the rungs of this search are evaluation.gates. Remove it.", atKey: true));
        }

        if (objectives is [{ Measure: not SearchMeasure.GpuHours } first, ..] && !specification.Evaluation.GateMetrics().Select(SweepObjectives.Word).Contains(first.Metric))
        {
            problems.Add(source.At(source.Has("search.objectives") ? "search.objectives[0]" : source.Has("objective.metric") ? "objective.metric" : "search.stopping.resource", $"Rungs compare the first objective, and {first.Metric} is not measured at gates. Put another metric first, or set search.stopping.resource to steps."));
        }

        return [.. specification.Evaluation.Gates.Select(gate => (long)gate)];
    }
}
