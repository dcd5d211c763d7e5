using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Tests.Specifications;

public sealed class SpecificationValidatorTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "training": { "iterations": 1e3 } }""")]
    [InlineData("""{ "evaluation": { "samples": 0, "extractor": "other" } }""")]
    [InlineData("""{ "network": { "patchSize": 4, "channelMultipliers": [2] } }""")]
    [InlineData("""{ "data": { "dataset": "folder:my-pictures-2", "side": 32, "channels": 3 }, "network": { "channelMultipliers": [1, 1, 1, 1] }, "evaluation": { "samples": 0 } }""")]
    [InlineData("""{ "data": { "dataset": "cifar10", "side": 28, "channels": 1 } }""")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 32, "channelMultipliers": [1, 2], "attentionResolutions": [14], "channelsPerHead": 16, "classConditional": true } }""")]
    [InlineData("""{ "network": { "encoder": "residual", "resampleFilter": [1, 3, 3, 1], "embedding": "fourier" }, "coupling": { "kind": "learned" } }""")]
    [InlineData("""{ "network": { "channelMultipliers": [1, 2], "attentionResolutions": [14] } }""")]
    [InlineData("""{ "network": { "channelMultipliers": [1, 2], "attentionResolutions": [16] } }""")]
    [InlineData("""{ "objective": { "kind": "catch-up", "catchUpLoss": "perceptual", "catchUpShare": 0.5, "waveletWeight": 0.1 } }""")]
    [InlineData("""{ "initialRun": { "run": "12" }, "objective": { "kind": "progressive-distillation", "timeSteps": 8 } }""")]
    [InlineData("""{ "initialRun": { "run": "catch-up" }, "objective": { "kind": "final-distillation", "pairs": 100 } }""")]
    [InlineData("""{ "initialRun": { "run": "flow" }, "coupling": { "kind": "reflow", "pairs": 100, "nfe": 32 }, "objective": { "kind": "catch-up" } }""")]
    [InlineData("""{ "evaluation": { "solvers": ["heun", "rk45"], "nfe": [2, 3] } }""")]
    [InlineData("""{ "evaluation": { "solvers": ["rk45"], "nfe": [2], "tolerance": 0.001 } }""")]
    [InlineData("""{ "evaluation": { "extractor": "inception-tf", "samples": 50000, "metrics": ["fid", "kid", "precision", "recall", "inception-score", "fid-infinity"] } }""")]
    [InlineData("""{ "evaluation": { "extractor": "inception-pytorch", "reference": "cifar10-32x32", "metrics": ["fid", "inception-score"] } }""")]
    [InlineData("""{ "evaluation": { "samples": 260, "metrics": ["fid-infinity"] } }""")]
    [InlineData("""{ "evaluation": { "samples": 500, "gates": [4, 100, 499], "metrics": ["fid", "fid-infinity"] } }""")]
    [InlineData("""{ "evaluation": { "samples": 0, "extractor": "other" }, "samples": { "neighbours": true, "images": 0 } }""")]
    [InlineData("""{ "evaluation": { "samples": 0 }, "samples": { "neighbours": true, "trajectories": 36 } }""")]
    public void Specification_that_can_be_run_has_no_problems(string json) => Assert.Empty(Validate(json));

    [Theory]
    [InlineData("""{ "trainig": {} }""", "trainig", "Did you mean training?")]
    [InlineData("""{ "training": [] }""", "training", "holds keys")]
    [InlineData("""{ "training": { "iterations": -1 } }""", "training.iterations", "between 1 and 100,000,000; -1 is not")]
    [InlineData("""{ "training": { "iterations": null } }""", "training.iterations", "not empty")]
    [InlineData("""{ "training": { "iterations": "12" } }""", "training.iterations", "not the text '12'")]
    [InlineData("""{ "training": { "iterations": 1.5 } }""", "training.iterations", "1.5 is not one")]
    [InlineData("""{ "training": { "iterations": 1e99 } }""", "training.iterations", "1e99 is not")]
    [InlineData("""{ "optimizer": { "learningRate": 0 } }""", "optimizer.learningRate", "between 1e-8 and 1; 0 is not")]
    [InlineData("""{ "optimizer": { "learningRate": "NaN" } }""", "optimizer.learningRate", "is a number, not the text 'NaN'")]
    [InlineData("""{ "ema": { "warmup": 1 } }""", "ema.warmup", "is true or false, not the number 1")]
    [InlineData("""{ "objective": { "kind": "catchup" } }""", "objective.kind", "Did you mean catch-up?")]
    [InlineData("""{ "data": { "dataset": "" } }""", "data.dataset", "1 to 64 characters")]
    [InlineData("""{ "data": { "dataset": "a\u0000b" } }""", "data.dataset", "control characters")]
    [InlineData("""{ "evaluation": { "nfe": [1, 2.5] } }""", "evaluation.nfe[1]", "holds whole numbers; 2.5 is not one")]
    [InlineData("""{ "evaluation": { "nfe": [1, [2]] } }""", "evaluation.nfe[1]", "not a list")]
    [InlineData("""{ "evaluation": { "gates": [100, 50, 50] } }""", "evaluation.gates", "100, 50, 50 does not. Write 50, 100.")]
    [InlineData("""{ "evaluation": { "gates": [100, 500] } }""", "evaluation.gates", "500 is not below the 500 of evaluation.samples")]
    [InlineData("""{ "evaluation": { "gates": [100], "samples": 0 } }""", "evaluation.gates", "100 is not below the 0 of evaluation.samples")]
    [InlineData("""{ "evaluation": { "gates": [3] } }""", "evaluation.gates[0]", "between 4 and 1,000,000")]
    [InlineData("""{ "evaluation": { "gates": [10, 20, 30, 40, 50, 60, 70, 80, 90] } }""", "evaluation.gates", "at most 8 are possible")]
    [InlineData("""{ "evaluation": { "gates": [100], "metrics": ["fid-infinity"] } }""", "evaluation.gates", "Add fid to it")]
    [InlineData("""{ "kind": "evaluate", "initialRun": { "run": "12" }, "evaluation": { "gates": [100] } }""", "evaluation.gates", "Remove evaluation.gates")]
    [InlineData("""{ "evaluation": { "heads": [1, 2, 3, 1] } }""", "evaluation.heads", "needs 1 to 3")]
    [InlineData("""{ "evaluation": { "samples": 0, "extractor": "inception" }, "samples": { "neighbours": true } }""", "evaluation.extractor", "Did you mean inception-tf?")]
    [InlineData("""{ "data": { "dataset": "cifar10" }, "evaluation": { "samples": 0 }, "samples": { "neighbours": true } }""", "samples.neighbours", "which does not take images of 32×32 pixels and 3 channels")]
    [InlineData("""{ "samples": { "trajectories": 37 } }""", "samples.trajectories", "between 0 and 36")]
    [InlineData("""{ "network": { "patchSize": 3 } }""", "network.patchSize", "do not divide the 28×28 images")]
    [InlineData("""{ "network": { "patchSize": 2, "channelMultipliers": [1, 2, 2] } }""", "network.channelMultipliers", "at most 2 multipliers")]
    [InlineData("""{ "network": { "channels": 10 } }""", "network.channels", "10 channels")]
    [InlineData("""{ "network": { "channels": 36, "channelMultipliers": [2, 2] } }""", "network.channels", "144 channels")]
    [InlineData("""{ "data": { "dataset": "cifar" } }""", "data.dataset", "There is no data set 'cifar'")]
    [InlineData("""{ "data": { "dataset": "folder:../etc", "side": 8, "channels": 1 } }""", "data.dataset", "lower-case letters, digits and hyphens")]
    [InlineData("""{ "data": { "dataset": "folder:mine", "channels": 1 } }""", "data.side", "Set the side")]
    [InlineData("""{ "data": { "dataset": "folder:mine", "side": 8 } }""", "data.channels", "Use 1 for grey or 3 for RGB")]
    [InlineData("""{ "data": { "channels": 2 } }""", "data.channels", "1 channel or 3")]
    [InlineData("""{ "data": { "side": 2000 } }""", "data.side", "between 0 and 1,024")]
    [InlineData("""{ "data": { "side": 30 }, "network": { "channelMultipliers": [1, 2, 2] }, "evaluation": { "samples": 0 } }""", "network.channelMultipliers", "network's 30×30 pixels")]
    [InlineData("""{ "data": { "side": 32 } }""", "evaluation.extractor", "have 32×32 and 1")]
    [InlineData("""{ "data": { "dataset": "cifar10" } }""", "evaluation.extractor", "have 32×32 and 3")]
    [InlineData("""{ "network": { "attentionResolutions": [32] } }""", "network.attentionResolutions", "no blocks of resolution 32 to have attention: the levels are 28, 14")]
    [InlineData("""{ "network": { "resampleFilter": [1, 2, 1] } }""", "network.resampleFilter", "[1, 1] or [1, 3, 3, 1], not [1, 2, 1]")]
    [InlineData("""{ "network": { "classConditional": true } }""", "network.classConditional", "or network.kind adm")]
    [InlineData("""{ "network": { "kind": "adm" } }""", "network.channels", "a layer would have 16 channels, which do not split into its 32 groups. Use a multiple of 32.")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 48, "channelMultipliers": [2, 3], "channelsPerHead": 16 } }""", "network.channels", "a layer would have 48 channels")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 32, "channelMultipliers": [1, 1], "channelsPerHead": 64 } }""", "network.channelsPerHead", "Attention over 32 channels cannot have heads of 64")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 32, "channelMultipliers": [1, 2, 2, 2] } }""", "network.channelMultipliers", "at most 3 multipliers")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 32, "patchSize": 2 } }""", "network.patchSize", "choice of songunet")]
    [InlineData("""{ "network": { "kind": "adm", "channels": 32, "encoder": "residual" } }""", "network.encoder", "choice of songunet")]
    [InlineData("""{ "coupling": { "kind": "learned", "encoderChannels": 10 } }""", "coupling.encoderChannels", "10 channels")]
    [InlineData("""{ "objective": { "kind": "consistency-distillation" } }""", "initialRun.run", "Consistency-distillation learns from another run's model. Name that run in initialRun.run")]
    [InlineData("""{ "objective": { "kind": "progressive-distillation" } }""", "initialRun.run", "Name that run in initialRun.run")]
    [InlineData("""{ "objective": { "kind": "final-distillation" } }""", "initialRun.run", "Name that run in initialRun.run")]
    [InlineData("""{ "initialRun": { "run": "12" }, "coupling": { "kind": "reflow", "solver": "heun" } }""", "coupling.nfe", "Use 17")]
    [InlineData("""{ "coupling": { "kind": "reflow" } }""", "initialRun.run", "The reflow coupling pairs noise with another run's images")]
    [InlineData("""{ "initialRun": { "run": "12" }, "objective": { "kind": "progressive-distillation", "timeSteps": 5 } }""", "objective.timeSteps", "Use an even number")]
    [InlineData("""{ "initialRun": { "run": "12" }, "objective": { "kind": "final-distillation" }, "coupling": { "kind": "reflow" } }""", "coupling.kind", "makes its own pairs")]
    [InlineData("""{ "initialRun": { "run": "12" }, "objective": { "kind": "consistency-distillation", "waveletWeight": 1 } }""", "objective.waveletWeight", "Use 0, or the objectives rectified-flow or catch-up")]
    [InlineData("""{ "objective": { "kind": "catch-up", "catchUpLoss": "perceptual" }, "evaluation": { "samples": 0, "extractor": "other" } }""", "objective.catchUpLoss", "'other' does not take those of fashion-mnist-10k")]
    [InlineData("""{ "objective": { "catchUpShare": 0 } }""", "objective.catchUpShare", "0 is not")]
    [InlineData("""{ "evaluation": { "solvers": ["euler", "heun"], "nfe": [2, 4] } }""", "evaluation.nfe", "heun takes odd numbers")]
    [InlineData("""{ "evaluation": { "solvers": ["heum"] } }""", "evaluation.solvers[0]", "Did you mean heun?")]
    [InlineData("""{ "evaluation": { "tolerance": 1e-9 } }""", "evaluation.tolerance", "between 1e-6 and 0.1")]
    [InlineData("""{ "evaluation": { "extractor": "inception" } }""", "evaluation.extractor", "Did you mean inception-tf?")]
    [InlineData("""{ "evaluation": { "samples": 259, "metrics": ["fid-infinity"] } }""", "evaluation.samples", "Use at least 260 images")]
    [InlineData("""{ "evaluation": { "samples": 3, "metrics": ["recall"] } }""", "evaluation.samples", "Use at least 4 images")]
    [InlineData("""{ "evaluation": { "reference": "../other" } }""", "evaluation.reference", "is no name of a reference")]
    [InlineData("""{ "evaluation": { "reference": "cifar10", "metrics": ["fid", "recall"] } }""", "evaluation.metrics", "recall compares with the features of real images")]
    public void Specification_that_cannot_be_run_says_why(string json, string path, string message)
    {
        var problems = Validate(json);
        Assert.Contains(problems, problem => problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Whole_specifications_are_valid_as_they_are_written()
    {
        var specification = SpecificationMerge.FromPreset(PresetCatalog.Find("fashion-tiny")!, JsonNode.Parse("""{ "objective": { "kind": "catch-up", "order": "rk34" }, "seed": 7 }""")!.AsObject());
        Assert.Equal((7, CatchUpOrder.Rk34, 16), (specification.Seed, specification.Objective.Order, specification.Network.Channels));
        Assert.Empty(Validate(JsonSerializer.Serialize(specification, ContractJson.Options)));
    }

    [Fact]
    public void Merge_replaces_lists_and_merges_sections()
    {
        var target = JsonNode.Parse("""{ "evaluation": { "nfe": [1, 2], "samples": 5 } }""")!.AsObject();
        SpecificationMerge.Apply(target, "evaluation.nfe", JsonNode.Parse("[8]")!);
        SpecificationMerge.Apply(target, "objective", JsonNode.Parse("""{ "kind": "catch-up" }""")!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "evaluation": { "nfe": [8], "samples": 5 }, "objective": { "kind": "catch-up" } }"""), target), target.ToJsonString());
    }

    /// <summary>The sizes a network can have were found by building networks of the U-Net's structure on paper; each line here was worked out by hand.</summary>
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, true)]
    [InlineData(1, 4, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, false)]
    [InlineData(4, 1, true)]
    [InlineData(4, 2, false)]
    [InlineData(7, 3, true)]
    public void Resolution_levels_must_halve_the_image_evenly(int patch, int levels, bool fits)
    {
        var network = new NetworkSpecification { PatchSize = patch, ChannelMultipliers = [.. Enumerable.Repeat(1, levels)] };
        Assert.Equal(fits, SpecificationRules.Check(new RunSpecification { Network = network }).Count == 0);
    }

    private static IReadOnlyList<SpecificationProblem> Validate(string json) => SpecificationValidator.Validate(JsonNode.Parse(json)!.AsObject());
}
