using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Runs;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class SpecificationTextTests
{
    [Fact]
    public void Every_key_of_the_specification_is_listed_once() =>
        Assert.Equal(SpecificationSchema.Leaves.Select(key => key.Path), SpecificationText.Flatten(new RunSpecification()).Select(pair => pair.Path));

    [Fact]
    public void Values_are_written_for_people()
    {
        var pairs = SpecificationText.Flatten(new RunSpecification()).ToDictionary(pair => pair.Path, pair => pair.Value);

        Assert.Equal("rectified-flow", pairs["objective.kind"]);
        Assert.Equal("1, 2, 4, 8", pairs["evaluation.nfe"]);
        Assert.Equal("none", pairs["network.attentionResolutions"]);
        Assert.Equal("1e-8", pairs["optimizer.epsilon"]);
    }

    [Fact]
    public void Copied_json_reads_back_as_the_same_specification()
    {
        var specification = new RunSpecification { Seed = 7, Preset = "a \"quoted\": name" };

        Assert.Equal(JsonSerializer.Serialize(specification, ContractJson.Options), JsonSerializer.Serialize(JsonSerializer.Deserialize<RunSpecification>(SpecificationText.ToJson(specification), ContractJson.Options), ContractJson.Options));
    }

    [Fact]
    public void Copied_yaml_quotes_what_would_be_read_as_something_else()
    {
        var yaml = SpecificationText.ToYaml(new RunSpecification { Preset = "no: way", Data = new DataSpecification { Dataset = "true" } });

        Assert.Contains("preset: \"no: way\"\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  dataset: \"true\"\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  kind: rectified-flow\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  nfe: [1, 2, 4, 8]\n", yaml, StringComparison.Ordinal);
    }
}
