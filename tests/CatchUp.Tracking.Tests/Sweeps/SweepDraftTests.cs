using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using CsCheck;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepDraftTests
{
    private readonly SweepPlanner _planner = new();

    [Fact]
    public void Form_becomes_the_file_a_person_would_write()
    {
        var draft = new SweepDraft
        {
            Name = "rk-orders",
            Project = "few-step",
            Preset = "fashion-tiny",
            Overrides = [new("training.iterations", "600"), new("network.channelMultipliers", "1, 2"), new("training.batchSize", "64"), new("seed", "7")],
            Space = [new("objective", "{kind: rectified-flow}, {kind: catch-up, order: rk12}"), new("optimizer.learningRate", "1e-3, 3e-3")],
            Replicates = "3",
            Objective = [new("metric", "fid"), new("nfe", "4")],
            Evaluation = [new("nfe", "1, 2, 4"), new("samples", "1000")],
            MaxParallel = "2",
            Window = "Mon-Fri 22:00-07:00 Europe/Berlin",
            Deadline = "2030-12-01T07:00 Europe/Berlin",
            Requires = [new("labels", "a100, big"), new("memory", "20GiB")],
            Restarts = [new("lost", "3"), new("onLog", "{match: ECC error, action: exclude-worker}")],
            Retention = [new("last", "2"), new("best", "1")],
        };

        Assert.Equal(
            """
            name: rk-orders
            project: few-step
            base:
              preset: fashion-tiny
              training:
                iterations: 600
                batchSize: 64
              network:
                channelMultipliers: [1, 2]
              seed: 7
            space:
              objective: [{kind: rectified-flow}, {kind: catch-up, order: rk12}]
              optimizer.learningRate: [1e-3, 3e-3]
            replicates: 3
            objective:
              metric: fid
              nfe: 4
            evaluation:
              nfe: [1, 2, 4]
              samples: 1000
            schedule:
              maxParallel: 2
              window: "Mon-Fri 22:00-07:00 Europe/Berlin"
              deadline: "2030-12-01T07:00 Europe/Berlin"
              requires:
                labels: [a100, big]
                memory: "20GiB"
              restarts:
                lost: 3
                onLog: [{match: ECC error, action: exclude-worker}]
            retention:
              last: 2
              best: 1

            """.ReplaceLineEndings("\n"),
            draft.ToYaml());
        var plan = _planner.Plan(draft.ToYaml());
        Assert.Empty(plan.Problems);
        Assert.Equal((12, 7), (plan.Runs, plan.FirstTrials[0].Specification.Seed));
    }

    [Fact]
    public void Every_sweep_file_of_the_repository_survives_the_form()
    {
        // Variants are for the YAML editor only.
        foreach (var document in Directory.GetFiles(Path.Combine(Repository.Root, "sweeps"), "*.yaml").Select(File.ReadAllText).Where(document => !document.Contains("\nvariants:", StringComparison.Ordinal)))
        {
            var reading = SweepDraft.FromYaml(document);
            Assert.Empty(reading.Problems);
            var yaml = reading.Draft!.ToYaml();
            Assert.Equal(yaml, SweepDraft.FromYaml(yaml).Draft!.ToYaml());
            Assert.Equal(JsonSerializer.Serialize(_planner.Expand(document), ContractJson.Options), JsonSerializer.Serialize(_planner.Expand(yaml), ContractJson.Options));
        }
    }

    [Theory]
    [InlineData("name: x\nspace:\n  evaluation.nfe: [[1, 2]]")]
    [InlineData("name: x\nspace:\n  evaluation.nfe: [[1, 2], [4]]")]
    [InlineData("name: \"2024\"\nowner: \"true\"")]
    [InlineData("name: \"a: b # c\"\nproject: \"- x\"")]
    [InlineData("name: x\nbase:\n  network: { attentionResolutions: [] }")]
    [InlineData("name: x\nbase:\n  ema: { warmup: false }")]
    [InlineData("name: \"<script>alert('x')</script>\"\nspace: { ema.warmup: [true, false] }")]
    [InlineData("name: 名前 😀\nsearch: { method: grid }")]
    [InlineData("name: x\nschedule: { window: \"22:00-07:00 Europe/Berlin\", deadline: 2030-12-01T07:00Z, priority: -3 }\nretention: { keep: all }")]
    [InlineData("name: x\nschedule: { requires: { labels: [A100], memory: 20GiB, device: cuda }, restarts: { onLog: [{ match: \"ECC\\\\s+error: [0-9]\", action: exclude-worker }, { match: NaN, action: fail }] } }")]
    [InlineData("name: x\nschedule: { restarts: { lost: 0 } }\nretention: { last: 2 }")]
    [InlineData("name: x\nspace:\n  optimizer.learningRate: { logUniform: [1e-4, 1e-2] }\n  training.batchSize: { integer: [8, 64], step: 8, when: { ema.warmup: true } }\n  ema.warmup: [true, false]\nconstraints: [\"training.batchSize * optimizer.learningRate <= 0.1\"]\nevaluation: { every: 100 }\nsearch:\n  method: tpe\n  trials: 24\n  seed: 7\n  startup: 5\n  stopping: { method: asha, reduction: 2, first: 50, least: 3, waits: true, spared: 0.1 }\n  failed: { retries: 1, replace: false }\n  objectives: [{ metric: fid, nfe: [1, 2, 4], over: area }, { metric: gpu-hours }]")]
    [InlineData("name: x\nspace: { ema.warmup: [true, false] }\nsearch: { method: random, trials: 5, objectives: [{ metric: fid, nfe: 4 }] }")]
    public void Files_mean_the_same_after_the_form(string document)
    {
        var before = _planner.Plan(document);
        Assert.Empty(before.Problems);
        var yaml = SweepDraft.FromYaml(document).Draft!.ToYaml();
        Assert.Equal(JsonSerializer.Serialize(before, ContractJson.Options), JsonSerializer.Serialize(_planner.Plan(yaml), ContractJson.Options));
        Assert.Equal(Schedule(document), Schedule(yaml));

        string Schedule(string text)
        {
            var file = _planner.Read(text, grid => grid.Trials()).File!;
            return $"{file.Priority} {file.MaxParallel} {file.Window?.Text} {file.Deadline?.Text} {file.Requires.Json} {file.Restarts?.ToJson()} {file.Retention?.ToJsonString()} {file.Owner} {(file.Search is null ? "" : SearchSpecification.Of(file).ToJson())}";
        }
    }

    [Theory]
    [InlineData("name: a: b")]
    [InlineData("nme: x")]
    [InlineData("name: x\nschedule: { windw: now }")]
    [InlineData("name: x\nschedule: { requires: a100 }")]
    [InlineData("name: x\nschedule: { restarts: { onLog: [{ match: \"a #1\", action: fail }] } }")]
    [InlineData("name: x\nvariants: [{ name: a }]")]
    [InlineData("name: x\nsearch: { method: grid, trails: 4 }")]
    [InlineData("name: x\nconstraints: [1]")]
    [InlineData("name: x\nspace: [1]")]
    [InlineData("- x")]
    public void Files_that_a_form_cannot_hold_say_so(string document)
    {
        var reading = SweepDraft.FromYaml(document);
        Assert.Null(reading.Draft);
        Assert.All(reading.Problems, problem => Assert.True(problem.Line > 0 && problem.Message.Length > 0));
        Assert.NotEmpty(reading.Problems);
    }

    [Theory]
    [InlineData("training.iterations", "many", "base.training.iterations")]
    [InlineData("training.iterations", "", "base.training.iterations")]
    [InlineData("training.iterations", "5\n  evil: 1", "base.training.iterations")]
    [InlineData("training.iterations", "5 # comment", "base.training.iterations")]
    [InlineData("training.iterations", "5, 6", "base.training.iterations")]
    [InlineData("evaluation.nfe", "1, two", "base.evaluation.nfe[1]")]
    [InlineData("evaluation.nfe", "1]", "base.evaluation.nfe")]
    [InlineData("learningrate", "1", "base.learningrate")]
    public void What_cannot_be_meant_is_refused_at_its_key_and_nothing_else_is_touched(string path, string text, string problemPath)
    {
        var plan = _planner.Plan(new SweepDraft { Name = "x", Overrides = [new(path, text)] }.ToYaml());
        Assert.Equal([problemPath], plan.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Any_text_in_the_form_gives_readable_yaml() => Gen.Select(Gen.String, Gen.String, Gen.String).Sample((name, path, text) =>
    {
        var draft = new SweepDraft { Name = name, Project = text, Overrides = [new("data.dataset", text), new("training.iterations", text)], Space = [new("training.batchSize", text)] };
        var yaml = draft.ToYaml();
        var reading = SweepDraft.FromYaml(yaml);
        var broken = yaml.Contains('\0', StringComparison.Ordinal) || (name + text).Any(char.IsSurrogate) || (name + text).Contains('\0', StringComparison.Ordinal);
        return broken || (reading.Draft is { } again && again.Name == name && again.Overrides[0].Text == text);
    });

    [Fact]
    public void Cloned_run_plans_the_same_run()
    {
        var preset = PresetCatalog.Find("fashion-tiny")!;
        var specification = SpecificationMerge.FromPreset(preset) with { Seed = 12 };
        specification = specification with
        {
            Objective = specification.Objective with { Kind = ObjectiveKind.CatchUp, Order = CatchUpOrder.Rk34 },
            Network = specification.Network with { ChannelMultipliers = [1, 3], AttentionResolutions = [7] },
            Evaluation = specification.Evaluation with { Nfe = [1, 16], Samples = 64 },
        };
        // Of a search: its gates mean nothing to one run.
        var run = new RunDetails { Summary = new RunSummary { Id = 3, Name = "demo/rk34", Project = "p" }, Specification = specification with { Evaluation = specification.Evaluation with { Gates = [16, 32] } } };

        var draft = SweepDraft.FromRun(run);
        var plan = _planner.Plan(draft.ToYaml());

        Assert.Empty(plan.Problems);
        Assert.Equal(("demo/rk34 again", "p", "fashion-tiny", 1), (draft.Name, draft.Project, draft.Preset, plan.Runs));
        Assert.Equal(JsonSerializer.Serialize(specification, ContractJson.Options), JsonSerializer.Serialize(plan.FirstTrials[0].Specification, ContractJson.Options));
        Assert.Contains(new DraftEntry("objective.order", "rk34"), draft.Overrides);
        Assert.Contains(new DraftEntry("nfe", "1, 16"), draft.Evaluation);
        Assert.Empty(_planner.Plan(SweepDraft.EvaluationOf(run).ToYaml()).Problems);
        Assert.Empty(_planner.Plan(ReEvaluation.Of(run, "")!).Problems);
    }
}
