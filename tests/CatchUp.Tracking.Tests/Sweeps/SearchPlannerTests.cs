using System.Globalization;
using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SearchPlannerTests
{
    private const string Valid = """
        name: learn
        base:
          preset: fashion-tiny
          training: { iterations: 600 }
        space:
          coupling.kind: [independent, learned]
          optimizer.learningRate: { logUniform: [1e-4, 1e-2] }
          training.batchSize: { integer: [8, 64], step: 8 }
          coupling.encoderChannels: { integer: [4, 16], step: 4, when: { coupling.kind: learned } }
        constraints:
          - training.batchSize * optimizer.learningRate <= 0.1
          - training.iterations > 100
        search:
          method: tpe
          trials: 24
          seed: 3
          startup: 6
          stopping: { method: asha, reduction: 2, first: 100, least: 4 }
          failed: { retries: 1, replace: false }
        replicates: 2
        evaluation: { every: 50, nfe: [1, 2, 4, 8], samples: 100 }
        """;

    private readonly SweepPlanner _planner = new();

    [Fact]
    public void A_search_is_planned_with_its_trials_rungs_and_first_configurations()
    {
        var (plan, file) = _planner.Read(Valid, grid => grid.Trials());

        Assert.Empty(plan.Problems);
        Assert.Equal((24, 2, 48), (plan.Trials, plan.Replicates, plan.Runs));
        var rules = file!.Search!.Rules;
        Assert.Equal((SearchMethod.Tpe, 24, 3, 6), (rules.Method, rules.Trials, rules.Seed, rules.Tpe.StartUp));
        Assert.Equal(new FailurePolicy(1, false), rules.Failures);
        Assert.Equal(("steps", 2.0, 4), (rules.Stopping!.Ladders[0].Resource, rules.Stopping.Ladders[0].Reduction, rules.Stopping.Least));
        Assert.Equal([100, 200, 400], rules.Stopping.Ladders[0].Levels);
        Assert.Equal([Goal.Minimize], rules.Goals);
        Assert.Equal("fid · euler · NFE 4", Assert.Single(file.Search.Objectives).Text);
        Assert.Equal(10, plan.FirstTrials.Count);
        Assert.All(plan.FirstTrials, trial =>
        {
            var rate = double.Parse(trial.Parameters["optimizer.learningRate"], CultureInfo.InvariantCulture);
            Assert.InRange(rate, 1e-4, 1e-2);
            Assert.True(trial.Specification.Training.BatchSize * rate <= 0.1);
            Assert.Equal(trial.Parameters["coupling.kind"] == "learned", trial.Parameters.ContainsKey("coupling.encoderChannels"));
        });
        Assert.Equal(48, _planner.Expand(Valid).Count());
        Assert.Equal(["learn/trial1-s0", "learn/trial1-s1", "learn/trial2-s0"], _planner.Expand(Valid).Take(3).Select(run => run.Name));
    }

    [Fact]
    public void Rungs_over_samples_are_the_gates()
    {
        var (plan, file) = _planner.Read(Valid.Replace("reduction: 2, first: 100, least: 4", "resource: samples, reduction: 2", StringComparison.Ordinal).Replace("every: 50, nfe: [1, 2, 4, 8], samples: 100", "samples: 1000, gates: [50, 200]", StringComparison.Ordinal), grid => grid.Trials());

        Assert.Empty(plan.Problems);
        var ladder = Assert.Single(file!.Search!.Rules.Stopping!.Ladders);
        Assert.Equal(("samples", 2.0), (ladder.Resource, ladder.Reduction));
        Assert.Equal([50, 200], ladder.Levels);
        Assert.Equal([50, 200], plan.FirstTrials[0].Specification.Evaluation.Gates);
        Assert.Equal("samples", SearchSpecification.FromJson(SearchSpecification.Of(file).ToJson()).Rules.Stopping!.Ladders[0].Resource);
    }

    [Fact]
    public void What_is_stored_of_a_search_makes_the_same_trials()
    {
        var (_, file) = _planner.Read(Valid, grid => grid.Trials());
        var stored = SearchSpecification.FromJson(SearchSpecification.Of(file!).ToJson());

        Assert.Equal(stored.ToJson(), SearchSpecification.FromJson(stored.ToJson()).ToJson());
        var (one, other) = (new SearchLedger(file!.Space, file.Search!.Rules), new SearchLedger(stored.ReadSpace(), stored.Rules));
        for (var trial = 0; trial < 24; trial++)
        {
            var (next, again) = (one.Next()!, other.Next()!);
            Assert.Equal(next.ToLine(), again.ToLine());
            one.Finish(trial, [100 - trial]);
            other.Finish(trial, [100 - trial]);
            Assert.Equivalent(file.Specify(one.History.Trials[trial].Configuration.ToTrial(trial)), stored.Specify(other.History.Trials[trial].Configuration.ToTrial(trial)));
        }
    }

    [Fact]
    public void A_grid_of_ranges_and_conditions_has_as_many_trials_as_there_are()
    {
        const string Document = "name: x\nspace:\n  coupling.kind: [independent, learned]\n  training.batchSize: { integer: [8, 16], step: 8 }\n  coupling.encoderChannels: { integer: [4, 16], step: 4, when: { coupling.kind: learned } }\nbase: { preset: fashion-tiny }";
        var plan = _planner.Plan(Document);
        Assert.Empty(plan.Problems);
        Assert.Equal((10, 10), (plan.Trials, _planner.Check(Document).Trials));
    }

    [Fact]
    public void Plain_grids_are_no_searches()
    {
        var (plan, file) = _planner.Read("name: x\nspace: { training.batchSize: [8, 16] }\nsearch: { method: grid }", grid => grid.Trials());
        Assert.Equal((2, null), (plan.Trials, file!.Search));
    }

    [Fact]
    public void Several_objectives_are_read_with_what_they_are_made_of()
    {
        var (plan, file) = _planner.Read("""
            name: x
            space: { optimizer.learningRate: { logUniform: [1e-4, 1e-2] } }
            evaluation: { nfe: [1, 2, 4], metrics: [fid, recall] }
            search:
              method: random
              trials: 5
              objectives:
                - { metric: fid, nfe: [4, 1], over: area }
                - { metric: recall, nfe: 2 }
                - { metric: gpu-hours }
            """, grid => grid.Trials());
        Assert.Empty(plan.Problems);
        Assert.Equal(["area under fid · euler · NFE 4, 1", "recall · euler · NFE 2", "GPU-hours"], file!.Search!.Objectives.Select(objective => objective.Text));
        Assert.Equal([Goal.Minimize, Goal.Maximize, Goal.Minimize], file.Search.Rules.Goals);
        Assert.Equal(15, file.Search.Objectives[0].Of([(1, 20.0), (2, 0.0), (4, 10.0)]));
        Assert.Equal(double.NaN, file.Search.Objectives[0].Of([(1, 20.0)]));
    }

    [Theory]
    [InlineData("space: {}", "space", 2, "The space is empty")]
    [InlineData("space: { optimizer.learningRate: { uniform: [1, 0.1] } }", "space.optimizer.learningRate.uniform", 2, "")]
    [InlineData("space: { optimizer.learningRate: { uniform: [.nan, 1] } }", "space.optimizer.learningRate.uniform", 2, "two finite numbers")]
    [InlineData("space: { optimizer.learningRate: { logUniform: [0, 1] } }", "space.optimizer.learningRate.logUniform", 2, "")]
    [InlineData("space: { optimizer.learninRate: { uniform: [0.1, 1] } }", "space.optimizer.learninRate", 2, "Did you mean optimizer.learningRate?")]
    [InlineData("space: { base.optimizer.learningRate: { uniform: [0.1, 1] } }", "space.base.optimizer.learningRate", 2, "Did you mean optimizer.learningRate?")]
    [InlineData("space: { optimizer.learningRate: { unifrm: [0.1, 1] } }", "space.optimizer.learningRate", 2, "Did you mean uniform?")]
    [InlineData("space: { seed: { integer: [0, 9] } }", "space.seed", 2, "Use replicates")]
    [InlineData("space: { preset: [fashion-tiny, custom] }", "space.preset", 2, "a sweep for each preset")]
    [InlineData("space: { evaluation.samples: [100, 200] }", "space.evaluation.samples", 2, "below evaluation")]
    [InlineData("space:\n  ema.warmup: { choice: [true, false], when: { objective.kind: catch-up } }\n  objective.kind: { choice: [catch-up, rectified-flow], when: { ema.warmup: true } }", "space.ema.warmup.when", 3, "go in a circle")]
    [InlineData("space: { training.batchSize: { integer: [8, 64] } }\nconstraints: [training.batchSize < 8]", "constraints[0]", 3, "None of")]
    [InlineData("space: { training.batchSize: { integer: [8, 64] } }\nconstraints: [training.batchSiz < 8]", "constraints[0]", 3, "At character 1")]
    [InlineData("space: { training.batchSize: { integer: [8, 64] } }\nconstraints: training.batchSize < 8", "constraints", 3, "is a list")]
    [InlineData("space: { training.batchSize: { integer: [0, 64] } }", "space.training.batchSize.integer", 2, "at least 1")]
    public void Bad_spaces_are_refused_where_they_stand(string rest, string path, int line, string message) =>
        Refused($"name: x\n{rest}\nsearch: {{ method: random, trials: 5 }}", path, line, message);

    [Theory]
    [InlineData("search: { method: random, trials: 5, startup: 3 }", "search.startup", 3, "random does not model")]
    [InlineData("search: { method: sobol }", "search", 3, "no end of its own")]
    [InlineData("search: { method: tpe, trials: 200000 }", "search.trials", 3, "between 1 and 100,000")]
    [InlineData("search: { method: tpe, trials: 60000 }\nreplicates: 2", "search.trials", 3, "120,000 runs")]
    [InlineData("search: { method: tpe, trials: 5, stoping: {} }", "search.stoping", 3, "Did you mean stopping?")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { method: asha } }", "search.stopping", 3, "evaluation.every is 0")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { reduction: 1 } }\nevaluation: { every: 10 }", "search.stopping.reduction", 3, "between 1.1 and 100")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { first: 90000000 } }\nevaluation: { every: 10 }", "search.stopping.first", 3, "Evaluate more often or begin lower")]
    [InlineData("search: { method: tpe, trials: 5 }\nevaluation: { samples: 0 }", "search.method", 3, "tpe learns from results")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: fid }] }", "search.objectives[0]", 3, "needs nfe")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: fid, nfe: 3 }] }", "search.objectives[0].nfe", 3, "does not measure at NFE 3")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: fid, nfe: [1, 2] }] }", "search.objectives[0].nfe", 3, "over: area")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: fidd, nfe: 4 }] }", "search.objectives[0].metric", 3, "Did you mean fid?")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: gpu-hours, nfe: 4 }] }", "search.objectives[0].nfe", 3, "remove nfe")]
    [InlineData("search: { method: tpe, trials: 5, objectives: [{ metric: fid, nfe: 4 }, { metric: fid, nfe: 4 }] }", "search.objectives[1]", 3, "there twice")]
    [InlineData("search: { method: tpe, trials: 5, stopping: {}, objectives: [{ metric: gpu-hours }] }\nevaluation: { every: 10 }", "search.objectives[0]", 3, "Put a metric first")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: samples } }\nevaluation: { every: 10 }", "search.stopping.resource", 3, "gates: [200, 1000]")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: samples, first: 100 } }\nevaluation: { gates: [50] }", "search.stopping.first", 3, "Remove it")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: samples } }\nevaluation: { gates: [50], metrics: [fid, fid-infinity] }\nobjective: { metric: fid-infinity }", "objective.metric", 5, "not measured at gates")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: samples } }\nevaluation: { gates: [50, 5000] }", "evaluation.gates", 4, "not below the 500")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: [steps, samples] } }\nevaluation: { every: 10, gates: [50] }", "search.stopping.resource", 3, "steps")]
    [InlineData("search: { method: tpe, trials: 5, stopping: { resource: steps } }\nevaluation: { every: 10, gates: [50] }", "evaluation.gates", 4, "a search has one kind")]
    [InlineData("search: { method: tpe, trials: 5 }\nevaluation: { gates: [50] }", "evaluation.gates", 4, "nothing stops early here")]
    [InlineData("search: { method: tpe, trials: 5 }\nbase: { evaluation: { gates: [50] } }", "base.evaluation.gates", 4, "nothing stops early here")]
    [InlineData("search: { method: tpe, trials: 5, failed: retry }", "search.failed", 3, "retries, replace")]
    [InlineData("search: { method: tpe, trials: 5 }\nvariants: [{ name: a, training: { iterations: 9 } }]", "variants", 4, "cannot be searched")]
    public void Bad_searches_are_refused_where_they_stand(string rest, string path, int line, string message) =>
        Refused($"name: x\nspace: {{ training.batchSize: {{ integer: [8, 64] }} }}\n{rest}", path, line, message);

    [Fact]
    public void A_grid_of_a_million_millions_is_refused_with_the_way_out()
    {
        var keys = new[] { "training.batchSize", "training.iterations", "coupling.pairs" }.Select(key => $"  {key}: {{ integer: [1000, 11000] }}");
        Refused($"name: x\nspace:\n{string.Join('\n', keys)}", "space", 3, "Search by tpe, random or sobol");
        Refused($"name: x\nspace:\n{string.Join('\n', keys)}\nsearch: {{ method: grid }}", "search.method", 6, "Search by tpe, random or sobol");
    }

    [Fact]
    public void Gates_of_a_plain_grid_are_refused() => Refused("name: x\nevaluation: { gates: [50] }", "evaluation.gates", 2, "Add search: { stopping: { resource: samples } }");

    [Fact]
    public void Configurations_that_break_rules_between_keys_are_found_before_the_start() =>
        Refused("name: x\nspace: { network.channels: { integer: [16, 19] } }\nsearch: { method: random, trials: 5 }", "space.network.channels[0]", 2, "multiple of 4");

    private void Refused(string document, string path, int line, string message)
    {
        var plan = _planner.Plan(document);
        var problem = plan.Problems.FirstOrDefault(problem => problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(problem is not null, $"No such problem among: {string.Join(" | ", plan.Problems)}");
        Assert.Equal(line, problem.Line);
        Assert.False(_planner.Check(document).IsValid);
        Assert.Throws<ArgumentException>(() => _planner.Expand(document).Count());
    }
}
