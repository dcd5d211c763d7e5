using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Tests.Specifications;

public sealed class SpecificationSchemaTests
{
    [Fact]
    public void Every_key_of_a_serialised_specification_is_in_the_schema_and_the_other_way_round()
    {
        var json = JsonSerializer.SerializeToNode(new RunSpecification(), ContractJson.Options)!.AsObject();
        Assert.Equal(Paths(json, "").Order(), SpecificationSchema.Leaves.Select(key => key.Path).Order());
    }

    [Fact]
    public void Every_key_says_what_it_means() => Assert.All(SpecificationSchema.All, key => Assert.NotEmpty(key.Description));

    [Fact]
    public void Defaults_of_the_schema_are_valid()
    {
        Assert.All(SpecificationSchema.Leaves, key =>
        {
            var problems = new List<SpecificationProblem>();
            var normal = SpecificationValidator.Normalise(key, key.Default, key.Path, problems);
            Assert.Empty(problems);
            Assert.True(JsonNode.DeepEquals(key.Default, normal), $"{key.Path}: {key.Default} became {normal}");
        });
        Assert.Empty(SpecificationRules.Check(new RunSpecification()));
    }

    [Fact]
    public void Keys_have_the_kinds_bounds_and_words_of_their_records()
    {
        var iterations = SpecificationSchema.Find("training.iterations")!;
        Assert.Equal((KeyKind.WholeNumber, 1d, 100_000_000d), (iterations.Kind, iterations.Minimum, iterations.Maximum));
        Assert.Equal(["rk12", "rk23", "rk34"], SpecificationSchema.Find("objective.order")!.Choices);
        var nfe = SpecificationSchema.Find("evaluation.nfe")!;
        Assert.Equal((KeyKind.List, KeyKind.WholeNumber, 1, 32), (nfe.Kind, nfe.ItemKind, nfe.MinimumItems, nfe.MaximumLength));
        Assert.Equal(KeyKind.Boolean, SpecificationSchema.Find("ema.warmup")!.Kind);
        Assert.Equal(KeyKind.Text, SpecificationSchema.Find("data.dataset")!.Kind);
        Assert.Equal(KeyKind.Section, SpecificationSchema.Find("network")!.Kind);
        Assert.Equal(int.MaxValue, SpecificationSchema.Find("seed")!.Maximum);
        Assert.Null(SpecificationSchema.Find("training.learningRate"));
    }

    [Theory]
    [InlineData("optimizer.learninRate", "optimizer.learningRate")]
    [InlineData("training.learningRate", "optimizer.learningRate")]
    [InlineData("training.batchsize", "training.batchSize")]
    [InlineData("evaluation.batch_size", "evaluation.batchSize")]
    [InlineData("objectiv.order", "objective.order")]
    [InlineData("traning", "training")]
    [InlineData("sead", "seed")]
    [InlineData("batchSize", "training.batchSize")]
    [InlineData("xyzzy.plugh", null)]
    [InlineData("", null)]
    public void Closest_key_is_what_was_meant(string written, string? meant) => Assert.Equal(meant, SpecificationSchema.Closest(written));

    [Fact]
    public void Closest_key_of_10_kilobytes_is_none_and_costs_nothing() => Assert.Null(SpecificationSchema.Closest(new string('x', 10_000) + ".learningRates" + new string('y', 10_000)));

    [Fact]
    public void Every_preset_is_valid() => Assert.All(PresetCatalog.All, preset =>
    {
        Assert.Empty(SpecificationValidator.Validate(preset.Specification));
        var specification = SpecificationMerge.FromPreset(preset);
        Assert.Equal(preset.Name, specification.Preset);
        Assert.Empty(SpecificationRules.Check(specification));
    });

    private static IEnumerable<string> Paths(JsonObject section, string prefix) =>
        section.SelectMany(member => member.Value is JsonObject inner ? Paths(inner, $"{prefix}{member.Key}.") : [prefix + member.Key]);
}
