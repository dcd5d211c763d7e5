using System.Text.Json.Nodes;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Runs;

public sealed class PresetTests
{
    /// <summary>The numbers of weights that METHOD's table gives; the encoder of the coupling is not counted.</summary>
    [Theory]
    [InlineData("mnist", """{ "dataset": "synthetic" }""", 2_160_000)]
    [InlineData("cifar10", """{ "dataset": "synthetic", "side": 32, "channels": 3 }""", 55_700_000)]
    [Trait("Speed", "Slow")]
    public async Task Network_of_a_preset_has_the_papers_number_of_weights(string preset, string data, long expected)
    {
        using var bench = new Workbench();
        var specification = SpecificationMerge.FromPreset(PresetCatalog.Find(preset)!, new JsonObject { ["data"] = JsonNode.Parse(data) });
        var run = bench.Write(specification with
        {
            Training = specification.Training with { Iterations = 1, BatchSize = 1 },
            Evaluation = specification.Evaluation with { Samples = 0 },
            Samples = specification.Samples with { Images = 0 },
        });

        var result = await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));

        Assert.True(result.ExitCode == 0, result.Errors);
        var weights = TrainerProcess.Journal(bench.Path("out")).OfType<AttemptStarted>().Single().Parameters;
        Assert.InRange(weights, (long)(0.996 * expected), (long)(1.004 * expected));
    }
}
