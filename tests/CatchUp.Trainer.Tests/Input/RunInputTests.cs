namespace CatchUp.Trainer.Tests.Input;

public sealed class RunInputTests : IDisposable
{
    private readonly Workbench bench = new();

    [Theory]
    [InlineData("""{ "specification": { "training": { "iterations": -5 } } }""", "training.iterations is -5; it must lie between 1 and 100000000")]
    [InlineData("""{ "specification": { "training": { "iteratons": 5 } } }""", "iteratons")]
    [InlineData("""{ "specification": { "training": { "iterations": "many" } } }""", "training.iterations")]
    [InlineData("""{ "specification": { "objective": { "order": "rk45" } } }""", "objective.order")]
    [InlineData("""{ "specification": { "evaluation": { "nfe": [] } } }""", "evaluation.nfe has 0 items")]
    [InlineData("""{ "specification": { "evaluation": { "nfe": [1, 0] } } }""", "evaluation.nfe[1] is 0")]
    [InlineData("""{ "specification": { "network": null } }""", "network must have a value")]
    [InlineData("""{ "specification": { "network": { "patchSize": 3 } } }""", "network")]
    [InlineData("""{ "format": 2, "specification": {} }""", "format is 2")]
    [InlineData("""{ "device": "tpu", "specification": { "data": { "dataset": "synthetic" } } }""", "device is 'tpu'")]
    [InlineData("""{ "optimizer": { "learningRate": 0 } }""", "optimizer.learningRate is 0")]
    [InlineData("""{ "specification": """, "cannot be read")]
    [InlineData("[]", "must hold a JSON object")]
    public async Task Bad_run_file_ends_with_status_2_and_names_the_field(string text, string expected)
    {
        var result = await TrainerProcess.RunAsync("train", bench.WriteText(text), "--out", bench.Path("out"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_specification_with_few_keys_is_taken()
    {
        var run = bench.WriteText("""{ "data": { "dataset": "synthetic" }, "network": { "patchSize": 7, "channels": 4 }, "training": { "iterations": 2, "batchSize": 4 }, "evaluation": { "samples": 0 }, "samples": { "images": 0 } }""");

        var result = await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));

        Assert.True(result.ExitCode == 0, result.Errors);
    }

    public void Dispose() => bench.Dispose();
}
