using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Tests.Launching;

public sealed class SweepImportTests
{
    [Fact]
    public void Sweep_of_weights_and_biases_becomes_a_file_that_can_be_launched_with_what_was_lost_as_comments()
    {
        var imported = SweepImport.Read(
            """
            program: train.py
            name: theirs
            method: bayes
            metric: { name: val_loss, goal: minimize }
            run_cap: 12
            parameters:
              lr: { distribution: log_uniform_values, min: 1e-4, max: 1e-2 }
              batch_size: { values: [16, 32] }
            """);

        Assert.Equal("Weights & Biases", imported.From);
        Assert.Contains("\n# - program: ", imported.Document, StringComparison.Ordinal);
        Assert.Contains("# - lr: It became optimizer.learningRate.", imported.Document, StringComparison.Ordinal);
        Assert.Contains("'val_loss' is not measured here", imported.Document, StringComparison.Ordinal);
        var plan = new SweepPlanner().Plan(imported.Document!);
        Assert.Empty(plan.Problems);
        Assert.Equal(("theirs", 12), (plan.Name, plan.Trials));
        Assert.Equal(["optimizer.learningRate", "training.batchSize"], plan.SweptKeys.Order());
    }

    [Fact]
    public void Early_termination_becomes_rungs_over_steps()
    {
        var imported = SweepImport.Read("method: random\nrun_cap: 9\nearly_terminate: { type: hyperband, min_iter: 100, eta: 3 }\nparameters: { lr: { min: 0.0001, max: 0.01 } }\n");

        Assert.Contains("first: 100", imported.Document, StringComparison.Ordinal);
        Assert.Empty(new SweepPlanner().Plan(imported.Document!).Problems);
    }

    [Fact]
    public void Distributions_of_optuna_become_a_file()
    {
        var imported = SweepImport.Read("""{ "lr": { "name": "FloatDistribution", "attributes": { "low": 1e-4, "high": 1e-2, "log": true, "step": null } }, "strange": { "name": "IntDistribution", "attributes": { "low": 1, "high": 4, "log": false, "step": 1 } } }""");

        Assert.Equal("Optuna", imported.From);
        Assert.Contains("logUniform", imported.Document, StringComparison.Ordinal);
        Assert.Contains(imported.Notes, note => note.Path == "strange");
        Assert.Contains(new SweepPlanner().Plan(imported.Document!).Problems, problem => problem.Path == "space.strange" && problem.Line > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("a: &b 1")]
    [InlineData("parameters: {}")]
    [InlineData("method: grid\nmethod: grid")]
    public void What_is_no_search_is_refused_in_words(string text)
    {
        var imported = SweepImport.Read(text);

        Assert.Null(imported.Document);
        Assert.NotEmpty(imported.Notes);
    }

    [Fact]
    public void Note_cannot_leave_its_comment()
    {
        var imported = SweepImport.Read("{ \"parameters\": { \"lr\": { \"min\": 0.1, \"max\": 0.2 }, \"a\\nname: b\": { \"value\": 1 } }, \"method\": \"random\", \"x\\u2028y\": 3 }");

        Assert.StartsWith("name:", imported.Document!.Split('\n').First(line => !line.StartsWith('#')), StringComparison.Ordinal);
    }
}
