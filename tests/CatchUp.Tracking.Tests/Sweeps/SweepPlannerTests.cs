using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepPlannerTests
{
    private const string Valid = """
        name: rk-orders
        project: few-step
        base:
          preset: fashion-tiny
          objective: { kind: catch-up }
          training: { iterations: 600, batchSize: 64 }
        space:
          objective.order: [rk12, rk23, rk34]
          optimizer.learningRate: [1e-3, 3e-3]
        search: { method: grid }
        replicates: 3
        objective: { metric: fid, solver: euler, nfe: 4, goal: minimize }
        evaluation: { every: 300, solvers: [euler], nfe: [1, 2, 4, 8], samples: 1000 }
        schedule: { priority: 5, maxParallel: 2 }
        """;

    private const string Chain = """
        name: chain
        base: { preset: fashion-tiny }
        variants:
          - { name: teacher, objective: { kind: rectified-flow } }
          - { name: student, objective: { kind: catch-up, order: rk23 }, initialRun: { run: teacher } }
          - { name: other, initialRun: { run: 12, step: 400 } }
        space:
          optimizer.learningRate: [1e-3, 3e-3]
        """;

    private readonly SweepPlanner _planner = new();

    [Fact]
    public void Plan_of_a_valid_file_counts_runs_and_shows_the_first_configurations()
    {
        var plan = _planner.Plan(Valid);

        Assert.Empty(plan.Problems);
        Assert.Equal(("rk-orders", "few-step", 6, 3, 18), (plan.Name, plan.Project, plan.Trials, plan.Replicates, plan.Runs));
        Assert.Equal(["objective.order", "optimizer.learningRate"], plan.SweptKeys);
        Assert.Equal(new SweepObjective("fid", SolverKind.Euler, 4, 1, SweepGoal.Minimize), plan.Objective);
        Assert.Equal(6, plan.FirstTrials.Count);
        var second = plan.FirstTrials[1];
        Assert.Equal("rk-orders/rk12-lr0.003-s0", second.Name);
        Assert.Equal("0.003", second.Parameters["optimizer.learningRate"]);
        Assert.Equal((600, 64, 3e-3, CatchUpOrder.Rk12, 16), (second.Specification.Training.Iterations, second.Specification.Training.BatchSize, second.Specification.Optimizer.LearningRate, second.Specification.Objective.Order, second.Specification.Network.Channels));
        Assert.Equal((300, 1000), (second.Specification.Evaluation.Every, second.Specification.Evaluation.Samples));
    }

    [Fact]
    public void Expand_yields_every_configuration_with_every_seed_under_names_of_its_own()
    {
        var runs = _planner.Expand(Valid).ToList();

        Assert.Equal(18, runs.Count);
        Assert.Equal(18, runs.Select(run => run.Name).Distinct().Count());
        Assert.Equal([0, 1, 2, 0, 1, 2], runs.Take(6).Select(run => run.Specification.Seed));
        Assert.Equal([0, 0, 0, 1, 1, 1], runs.Take(6).Select(run => run.Trial));
        Assert.Equal("rk-orders/rk34-lr0.003-s2", runs[^1].Name);
        // Replicates differ in nothing but their seed.
        Assert.Equal(runs[0].Specification.Objective, runs[1].Specification.Objective);
        Assert.Equal(runs[0].Parameters, runs[2].Parameters);
    }

    [Fact]
    public void Values_that_are_mappings_set_several_keys_together()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "sweeps", "demo.yaml"));
        var plan = _planner.Plan(document);

        Assert.Empty(plan.Problems);
        Assert.Equal((4, 4), (plan.Trials, plan.Runs));
        Assert.Equal(["objective.kind", "objective.order"], plan.SweptKeys);
        Assert.Equal(["Demo/rectified-flow", "Demo/catch-up-rk12", "Demo/catch-up-rk23", "Demo/catch-up-rk34"], plan.FirstTrials.Select(trial => trial.Name));
        Assert.Equal([ObjectiveKind.RectifiedFlow, ObjectiveKind.CatchUp, ObjectiveKind.CatchUp, ObjectiveKind.CatchUp], plan.FirstTrials.Select(trial => trial.Specification.Objective.Kind));
        Assert.Equal([1, 1, 2, 3], plan.FirstTrials.Select(trial => SpecificationRules.HeadsOf(trial.Specification.Objective)));
        Assert.Equal(4, plan.Objective!.Nfe);
    }

    [Fact]
    public void Variants_loop_outside_the_space_and_name_their_runs()
    {
        var runs = _planner.Expand(Chain).ToList();

        Assert.Equal(
            ["chain/teacher-lr0.001", "chain/teacher-lr0.003", "chain/student-lr0.001", "chain/student-lr0.003", "chain/other-lr0.001", "chain/other-lr0.003"],
            runs.Select(run => run.Name));
        Assert.Equal("student", runs[2].Parameters["variant"]);
        Assert.Equal("teacher", runs[2].Parameters["initialRun.run"]);
        Assert.Equal(CatchUpOrder.Rk23, runs[2].Specification.Objective.Order);
        Assert.Equal("12", runs[4].Specification.InitialRun.Run);
    }

    [Fact]
    public void Every_sweep_file_in_the_repository_is_valid()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "sweeps"), "*.yaml");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(_planner.Check(File.ReadAllText(file)).Problems));
    }

    [Fact]
    public void Json_is_read_like_yaml()
    {
        var plan = _planner.Plan("""
            {
            	"name": "a\/b \ud83d\ude00",
            	"base": { "preset": "fashion-tiny", "training": { "iterations": 600 } },
            	"space": { "objective.order": ["rk12", "rk23"] }
            }
            """);

        Assert.Empty(plan.Problems);
        Assert.Equal(("a/b 😀", 2), (plan.Name, plan.Runs));
    }

    [Theory]
    [InlineData("name: <script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("name: \"=1+1\"", "=1+1")]
    [InlineData("name: 名前 №1 ćüß", "名前 №1 ćüß")]
    public void Names_may_be_of_any_script(string line, string name) => Assert.Equal((true, name), (_planner.Plan(line).IsValid, _planner.Plan(line).Name));

    [Fact]
    public void A_file_without_space_is_one_run_with_the_default_objective()
    {
        var plan = _planner.Plan("name: one\nbase: { preset: fashion-tiny }");

        Assert.Empty(plan.Problems);
        Assert.Equal(1, plan.Runs);
        Assert.Equal("one", plan.FirstTrials[0].Name);
        Assert.Equal(new SweepObjective("fid", SolverKind.Euler, 4, 1, SweepGoal.Minimize), plan.Objective);
    }

    [Fact]
    public void Default_objective_takes_the_largest_nfe_where_4_is_not_measured() =>
        Assert.Equal(("kid", 16), (_planner.Plan("name: x\nevaluation: { nfe: [2, 16, 8], metrics: [kid] }").Objective!.Metric, _planner.Plan("name: x\nevaluation: { nfe: [2, 16, 8], metrics: [kid] }").Objective!.Nfe));

    [Fact]
    public void Default_objective_goes_the_metrics_better_way_and_takes_a_number_that_the_solver_does()
    {
        var plan = _planner.Plan("name: x\nevaluation: { nfe: [3, 4, 5], metrics: [recall], solvers: [heun, rk45] }");
        Assert.Empty(plan.Problems);
        Assert.Equal(new SweepObjective("recall", SolverKind.Heun, 5, 1, SweepGoal.Maximize), plan.Objective);

        var adaptive = _planner.Plan("name: x\nevaluation: { solvers: [rk45] }");
        Assert.Empty(adaptive.Problems);
        Assert.Null(adaptive.Objective);
    }

    [Fact]
    public void Default_objective_that_not_every_run_measures_is_dropped()
    {
        var plan = _planner.Plan("name: x\nspace:\n  evaluation.nfe: [[1, 4], [2, 8]]");
        Assert.Empty(plan.Problems);
        Assert.Null(plan.Objective);
    }

    [Fact]
    public void A_sweep_that_measures_nothing_has_no_objective()
    {
        var plan = _planner.Plan("name: x\nevaluation: { samples: 0 }");
        Assert.Empty(plan.Problems);
        Assert.Null(plan.Objective);
    }

    [Fact]
    public void A_hundred_thousand_runs_are_accepted_and_one_more_is_refused()
    {
        static string File(int replicates, int values) => $"name: big\nreplicates: {replicates}\nspace:\n  training.iterations: [{string.Join(", ", Enumerable.Range(1, values))}]\n";

        var most = _planner.Plan(File(100, 1000));
        Assert.Empty(most.Problems);
        Assert.Equal(100_000, most.Runs);

        // 100,001 = 11 · 9091
        var tooMany = _planner.Plan(File(11, 9091));
        var problem = Assert.Single(tooMany.Problems);
        Assert.Equal("space", problem.Path);
        Assert.Contains("100,001 runs", problem.Message, StringComparison.Ordinal);
        Assert.Empty(tooMany.FirstTrials);
    }

    [Fact]
    public void A_grid_beyond_counting_is_refused_with_its_count_and_at_once()
    {
        var lines = SpecificationSchema.Leaves
            .Where(key => key.Kind == KeyKind.WholeNumber && key.Path != "seed" && key.Maximum - Math.Max(key.Minimum, 0) > 100)
            .Select(key => $"  {key.Path}: [{string.Join(", ", Enumerable.Range((int)Math.Max(key.Minimum, 0), 100))}]");
        var plan = _planner.Plan("name: x\nspace:\n" + string.Join('\n', lines));
        Assert.Contains("more than 1,000,000,000,000", Assert.Single(plan.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    // Broken YAML.
    [InlineData("name: x\nbase: [1, 2\nspace: 3", "", 2, "not closed")]
    [InlineData("name: a: b", "", 1, "not YAML")]
    [InlineData("name: x\nbase:\n\tpreset: fashion-tiny", "", 3, "tab")]
    [InlineData("name: \"open", "", 1, "not YAML")]
    [InlineData("", "", 1, "is a mapping")]
    [InlineData("- a\n- b", "", 1, "is a mapping")]
    [InlineData("just words", "", 1, "is a mapping")]
    [InlineData("name: x\n---\nname: y", "", 2, "one document")]
    [InlineData("name: x\nname: y", "name", 2, "here twice")]
    [InlineData("name: x\nbase:\n  training: { iterations: 5, iterations: 6 }", "base.training.iterations", 3, "here twice")]
    [InlineData("name: x\nowner: &a me\nproject: *a", "owner", 2, "Anchors and aliases")]
    [InlineData("name: x\nowner: !!python/object me", "owner", 2, "Tags")]
    [InlineData("name: x\nbase: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "base[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]", 2, "nested deeper")]
    [InlineData("name: x\n? [complex]\n: 1", "", 2, "A key is a text")]
    // Names.
    [InlineData("project: p", "name", 1, "has no name")]
    [InlineData("name: 2024", "name", 1, "is a text, not the number 2024 (quote it")]
    [InlineData("name: \"\"", "name", 1, "1 to 200 characters")]
    [InlineData("name: \"  \"", "name", 1, "blank")]
    [InlineData("name: \"a\\u0007b\"", "name", 1, "control characters")]
    [InlineData("name: x\nproject: [a]", "project", 2, "is a text, not a list")]
    // Unknown keys.
    [InlineData("name: x\nspase:\n  objective.order: [rk12]", "spase", 2, "Did you mean space?")]
    [InlineData("name: x\nbase:\n  optimizer: { learninRate: 1e-3 }", "base.optimizer.learninRate", 3, "Unknown key 'learninRate'. Did you mean learningRate?")]
    [InlineData("name: x\nbase:\n  training: { learningRate: 1e-3 }", "base.training.learningRate", 3, "Did you mean optimizer.learningRate?")]
    [InlineData("name: x\nbase:\n  training: { batch_size: 3 }", "base.training.batch_size", 3, "Did you mean batchSize?")]
    [InlineData("name: x\ntraining: { iterations: 3 }", "training", 2, "Write it below base, as base.training")]
    [InlineData("name: x\nlearningRate: 3", "learningRate", 2, "base.optimizer.learningRate")]
    [InlineData("name: x\nobjective: { metrc: fid }", "objective.metrc", 2, "Did you mean metric?")]
    [InlineData("name: x\nschedule: { priorty: 1 }", "schedule.priorty", 2, "Did you mean priority?")]
    [InlineData("name: x\nspace:\n  objective.ordr: [rk12]", "space.objective.ordr", 3, "Did you mean objective.order?")]
    [InlineData("name: x\nspace:\n  base.objective.order: [rk12]", "space.base.objective.order", 3, "Did you mean objective.order?")]
    [InlineData("name: x\nspace:\n  zzzzzz: [1]", "space.zzzzzz", 3, "Unknown key")]
    [InlineData("name: x\nbase: { preset: fashion-tinny }", "base.preset", 2, "Did you mean fashion-tiny?")]
    // Types and ranges.
    [InlineData("name: x\nbase: 5", "base", 2, "holds keys")]
    [InlineData("name: x\nbase:\n  training: { iterations: -5 }", "base.training.iterations", 3, "must be between 1 and 100,000,000; -5 is not")]
    [InlineData("name: x\nbase:\n  training: { iterations: 1.5 }", "base.training.iterations", 3, "is a whole number; 1.5 is not one")]
    [InlineData("name: x\nbase:\n  training: { iterations: \"600\" }", "base.training.iterations", 3, "not the text '600'")]
    [InlineData("name: x\nbase:\n  training: { iterations: }", "base.training.iterations", 3, "not empty")]
    [InlineData("name: x\nbase:\n  training: { iterations: 1e400 }", "base.training.iterations", 3, "not the text '1e400'")]
    [InlineData("name: x\nbase:\n  training: { iterations: 99999999999999999999 }", "base.training.iterations", 3, "must be between")]
    [InlineData("name: x\nbase:\n  optimizer: { learningRate: .nan }", "base.optimizer.learningRate", 3, "is a number, not the text '.nan'")]
    [InlineData("name: x\nbase:\n  optimizer: { learningRate: fast }", "base.optimizer.learningRate", 3, "is a number, not the text 'fast'")]
    [InlineData("name: x\nbase:\n  ema: { warmup: yes }", "base.ema.warmup", 3, "is true or false, not the text 'yes'")]
    [InlineData("name: x\nbase:\n  objective: { kind: rectified-flo }", "base.objective.kind", 3, "Did you mean rectified-flow?")]
    [InlineData("name: x\nevaluation: { nfe: 4 }", "evaluation.nfe", 2, "is a list: write [1, 2, 4, 8]")]
    [InlineData("name: x\nevaluation: { nfe: [] }", "evaluation.nfe", 2, "needs 1 to 32")]
    [InlineData("name: x\nevaluation: { nfe: [4, 0] }", "evaluation.nfe[1]", 2, "between 1 and 10,000; 0 is not")]
    [InlineData("name: x\nevaluation: { nfe: [4, 4] }", "evaluation.nfe", 2, "there twice")]
    [InlineData("name: x\nreplicates: 0", "replicates", 2, "between 1 and 1,000")]
    [InlineData("name: x\nbase: { seed: 2147483647 }\nreplicates: 2", "base.seed", 2, "not 2 left")]
    [InlineData("name: x\nbase: { evaluation: { every: 5 } }\nevaluation: { every: 6 }", "evaluation.every", 3, "Keep one of the two")]
    // The space.
    [InlineData("name: x\nspace: {}", "space", 2, "The space is empty")]
    [InlineData("name: x\nspace:", "space", 2, "The space is empty")]
    [InlineData("name: x\nspace: [1]", "space", 2, "dotted keys")]
    [InlineData("name: x\nspace: { objective.order: [] }", "space.objective.order", 2, "no values to try")]
    [InlineData("name: x\nspace: { objective.order: rk12 }", "space.objective.order", 2, "a list of values to try: [rk12]")]
    [InlineData("name: x\nspace: { objective.order: [rk12, rk21] }", "space.objective.order[1]", 2, "Did you mean")]
    [InlineData("name: x\nspace: { objective.order: [rk12, rk12] }", "space.objective.order[1]", 2, "there twice")]
    [InlineData("name: x\nspace: { optimizer.learningRate: [1, 1.0] }", "space.optimizer.learningRate[1]", 2, "there twice")]
    [InlineData("name: x\nspace: { seed: [1, 2] }", "space.seed", 2, "replicates")]
    [InlineData("name: x\nspace: { preset: [fashion-tiny] }", "space.preset", 2, "a sweep for each preset")]
    [InlineData("name: x\nspace: { evaluation.nfe: [1, 2] }", "space.evaluation.nfe", 2, "[[1, 2]]")]
    [InlineData("name: x\nspace: { objective: [rk12] }", "space.objective[0]", 2, "holds keys")]
    [InlineData("name: x\nspace: { objective: [{}] }", "space.objective[0]", 2, "sets nothing")]
    [InlineData("name: x\nspace: { objective: [{ knd: catch-up }] }", "space.objective[0].knd", 2, "Did you mean kind?")]
    [InlineData("name: x\nspace: { objective: [{ order: rk12 }], objective.order: [rk23] }", "space.objective.order", 2, "Sweep over a key once")]
    [InlineData("name: x\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-3] } }", "space.optimizer.learningRate", 2, "search by random, sobol or tpe")]
    [InlineData("name: x\nspace: { optimizer.learningRate: [{ logUniform: [1e-4, 1e-3] }] }", "space.optimizer.learningRate", 2, "without the list")]
    [InlineData("name: x\nspace: { training.iterations: [10, -1] }", "space.training.iterations[1]", 2, "-1 is not")]
    // Search, objective, schedule.
    [InlineData("name: x\nsearch: { method: tpe }", "search", 2, "trials: 64")]
    [InlineData("name: x\nsearch: { method: random, trials: 5 }", "space", 1, "The space is empty")]
    [InlineData("name: x\nsearch: { method: gird }", "search.method", 2, "Did you mean grid?")]
    [InlineData("name: x\nsearch: { method: grid, trials: 5 }", "search.trials", 2, "remove trials")]
    [InlineData("name: x\nschedule: { window: nights }", "schedule.window", 2, "22:00-07:00 Europe/Berlin")]
    [InlineData("name: x\nschedule: { window: \"22:00-07:00 Europe/Berlln\" }", "schedule.window", 2, "Did you mean Europe/Berlin?")]
    [InlineData("name: x\nschedule: { deadline: 2026-12-01 }", "schedule.deadline", 2, "2026-12-01T07:00 Europe/Berlin")]
    [InlineData("name: x\nschedule: { requires: { memory: much } }", "schedule.requires.memory", 2, "20GiB")]
    [InlineData("name: x\nschedule: { requires: { label: a100 } }", "schedule.requires.label", 2, "Did you mean labels?")]
    [InlineData("name: x\nschedule: { maxParallel: 0 }", "schedule.maxParallel", 2, "between 1 and 10,000")]
    [InlineData("name: x\nobjective: { nfe: 3 }", "objective.nfe", 2, "1 or 2 or 4 or 8")]
    [InlineData("name: x\nevaluation: { solvers: [heun], nfe: [3, 4] }\nobjective: { nfe: 4 }", "objective.nfe", 3, "does not measure at NFE 4 with heun")]
    [InlineData("name: x\nobjective: { metric: kid }", "objective.metric", 2, "does not compute kid")]
    [InlineData("name: x\nobjective: { head: 2 }", "objective.head", 2, "does not use head 2")]
    [InlineData("name: x\nobjective: { head: 2 }\nevaluation: { heads: [1, 2] }", "objective.head", 2, "1 output head has no head 2")]
    [InlineData("name: x\nevaluation: { samples: 0 }\nobjective: { metric: fid }", "objective", 3, "never measured")]
    // Rules between keys.
    [InlineData("name: x\nbase:\n  network: { patchSize: 3 }", "base.network.patchSize", 3, "Use 1, 2, 4, 7")]
    [InlineData("name: x\nbase:\n  network: { patchSize: 4, channelMultipliers: [1, 2] }", "base.network.channelMultipliers", 3, "at most 1")]
    [InlineData("name: x\nbase:\n  network: { channels: 18 }", "base.network.channels", 3, "multiple of 4")]
    [InlineData("name: x\nbase:\n  data: { dataset: fashion-mnst }", "base.data.dataset", 3, "Did you mean fashion-mnist?")]
    [InlineData("name: x\nevaluation: { extractor: inception }", "evaluation.extractor", 2, "no feature extractor")]
    // Variants.
    [InlineData("name: x\nvariants: []", "variants", 2, "list of 1 to")]
    [InlineData("name: x\nvariants: [teacher]", "variants[0]", 2, "is a mapping with a name")]
    [InlineData("name: x\nvariants:\n  - { objective: { kind: catch-up } }", "variants[0]", 3, "needs a name")]
    [InlineData("name: x\nvariants:\n  - { name: 1a }", "variants[0].name", 3, "begins with a letter")]
    [InlineData("name: x\nvariants:\n  - { name: a }\n  - { name: a, training: { iterations: 5 } }", "variants[1].name", 4, "Two variants are called a")]
    [InlineData("name: x\nvariants:\n  - { name: a, seed: 3 }", "variants[0].seed", 3, "cannot set seed")]
    [InlineData("name: x\nvariants:\n  - { name: a, optimizer: { learninRate: 1 } }", "variants[0].optimizer.learninRate", 3, "Did you mean learningRate?")]
    [InlineData("name: x\nvariants:\n  - { name: a, initialRun: { run: teacher } }", "variants[0].initialRun.run", 3, "one above it")]
    [InlineData("name: x\nvariants:\n  - { name: teacher }\n  - { name: b, initialRun: { run: techer } }", "variants[1].initialRun.run", 4, "Did you mean teacher?")]
    [InlineData("name: x\nvariants:\n  - { name: a, initialRun: { run: a } }", "variants[0].initialRun.run", 3, "one above it")]
    [InlineData("name: x\nbase: { initialRun: { run: teacher } }", "base.initialRun.run", 2, "is not the id of a run")]
    [InlineData("name: x\nvariants:\n  - { name: a, objective: { kind: catch-up } }\nspace:\n  objective.kind: [catch-up, rectified-flow]", "space.objective.kind", 5, "set by variants and by space.objective.kind")]
    [InlineData("name: x\nspace:\n  initialRun: [{ run: 3 }]", "space.initialRun", 3, "write variants")]
    [InlineData("name: x\nbase: { kind: evaluate }", "base.initialRun.run", 2, "needs the run whose snapshot")]
    [InlineData("name: x\nevaluation: { samples: 1 }", "evaluation.samples", 2, "at least 2 images")]
    [InlineData("name: x\nevaluation: { heads: [2, 3] }", "evaluation.heads", 2, "Add head 1")]
    [InlineData("name: x\nspace:\n  training.batchSize: [8, 16]\n  network.patchSize: [1, 2, 3]", "space.network.patchSize[2]", 4, "configuration 3: training.batchSize = 8, network.patchSize = 3")]
    public void Bad_input_is_refused_where_it_stands_with_the_way_out(string document, string path, int line, string message)
    {
        var plan = _planner.Plan(document);

        Assert.False(plan.IsValid);
        var problem = plan.Problems.FirstOrDefault(problem => problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(problem is not null, $"No such problem among: {string.Join(" | ", plan.Problems)}");
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column >= 1);
        Assert.Throws<ArgumentException>(() => _planner.Expand(document).Count());
    }

    [Fact]
    public void A_problem_points_at_line_and_column()
    {
        var problem = Assert.Single(_planner.Plan("name: x\nbase:\n  optimizer:\n    learninRate: 1e-3\n").Problems);
        Assert.Equal(new SweepProblem("base.optimizer.learninRate", "Unknown key 'learninRate'. Did you mean learningRate?", 4, 5, "learningRate"), problem);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var plan = _planner.Plan("base:\n  training: { iterations: 0, batchSize: x }\nspace: {}\nfoo: 1");
        Assert.Equal(["name", "base.training.iterations", "base.training.batchSize", "space", "foo"], plan.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_document_that_is_too_large_is_refused()
    {
        var plan = _planner.Plan("name: " + new string('x', 256 * 1024));
        Assert.Contains("larger than 256 kB", Assert.Single(plan.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_may_be_written_with_an_exponent() =>
        Assert.Equal(2000, _planner.Plan("name: x\nbase: { training: { iterations: 2e3 } }").FirstTrials[0].Specification.Training.Iterations);

    [Fact]
    public void A_rule_that_only_some_configuration_breaks_is_found_when_every_one_is_checked()
    {
        // Neither first nor last, and two dimensions away from the first: 12 channels in three levels and 3 multipliers.
        var sizes = string.Join(", ", Enumerable.Range(1, 40).Select(size => size * 4));
        var document = string.Create(CultureInfo.InvariantCulture, $"name: x\nspace:\n  network.channels: [{sizes}]\n  network.channelMultipliers: [[2, 2], [1, 1], [1, 2]]\n");
        var all = _planner.Check(document).Problems;
        Assert.NotEmpty(all);
        Assert.All(all, problem => Assert.StartsWith("space.network.channel", problem.Path, StringComparison.Ordinal));
    }
}
