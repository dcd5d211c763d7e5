using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Methods;
using CatchUp.Search.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Spaces;

public sealed class SpaceReaderTests
{
    [Theory]
    [InlineData("{}", "space", "empty")]
    [InlineData("""{ "x": [] }""", "space.x", "no values")]
    [InlineData("""{ "x": [1, 1] }""", "space.x[1]", "twice")]
    [InlineData("""{ "x": [1, null] }""", "space.x[1]", "no value here")]
    [InlineData("""{ "x": 3 }""", "space.x", "[3]")]
    [InlineData("""{ "x": { "uniform": [2, 1] } }""", "space.x.uniform", "Exchange them")]
    [InlineData("""{ "x": { "uniform": [1, 1] } }""", "space.x.uniform", "Write fixed: 1")]
    [InlineData("""{ "x": { "uniform": ["NaN", 1] } }""", "space.x.uniform", "two finite numbers")]
    [InlineData("""{ "x": { "uniform": [0, "Infinity"] } }""", "space.x.uniform", "two finite numbers")]
    [InlineData("""{ "x": { "uniform": [0, 1e999] } }""", "space.x.uniform", "two finite numbers")]
    [InlineData("""{ "x": { "uniform": [0] } }""", "space.x.uniform", "smallest and the largest")]
    [InlineData("""{ "x": { "uniform": [-1e308, 1e308] } }""", "space.x.uniform", "too far apart")]
    [InlineData("""{ "x": { "uniform": [1, 1.0000000000000002] } }""", "space.x.uniform", "too near")]
    [InlineData("""{ "x": { "logUniform": [0, 1] } }""", "space.x.logUniform", "small positive number")]
    [InlineData("""{ "x": { "logUniform": [-1, 1] } }""", "space.x.logUniform", "small positive number")]
    [InlineData("""{ "x": { "integer": [0, 8], "log": true } }""", "space.x.integer", "small positive number")]
    [InlineData("""{ "x": { "integer": [0.5, 8] } }""", "space.x.integer", "whole bounds")]
    [InlineData("""{ "x": { "integer": [0, 8], "step": 0.5 } }""", "space.x.integer", "whole step")]
    [InlineData("""{ "x": { "integer": [0, 1e12] } }""", "space.x.integer", "larger step")]
    [InlineData("""{ "x": { "uniform": [0, 1], "step": 0 } }""", "space.x.uniform", "above 0")]
    [InlineData("""{ "x": { "uniform": [0, 1], "step": -1 } }""", "space.x.uniform", "above 0")]
    [InlineData("""{ "x": { "normal": [0, 0] } }""", "space.x.normal", "above 0")]
    [InlineData("""{ "x": { "normal": [0, 1], "within": [50, 60] } }""", "space.x.normal", "Nothing of the bell")]
    [InlineData("""{ "x": { "normal": [0, 1], "step": 0.1 } }""", "space.x.normal", "within: [low, high]")]
    [InlineData("""{ "x": { "logNormal": [0, 1], "within": [0, 1] } }""", "space.x.logNormal", "small positive number")]
    [InlineData("""{ "x": { "logNormal": [1000, 1] } }""", "space.x.logNormal", "natural logarithm")]
    [InlineData("""{ "x": { "uniform": [0, 1], "within": [0, 1] } }""", "space.x.within", "Remove it")]
    [InlineData("""{ "x": { "uniform": [0, 1], "log": true } }""", "space.x.log", "logUniform")]
    [InlineData("""{ "x": { "choice": [0, 1], "step": 1 } }""", "space.x.step", "Remove it")]
    [InlineData("""{ "x": { "unifrom": [0, 1] } }""", "space.x", "Did you mean uniform?")]
    [InlineData("""{ "x": { "uniform": [0, 1], "integer": [0, 1] } }""", "space.x", "Keep one")]
    [InlineData("""{ "x": { "uniform": [0, 1], "stp": 0.1 } }""", "space.x.stp", "Did you mean step?")]
    [InlineData("""{ "x": [{ "uniform": [0, 1] }, 2] }""", "space.x[0]", "without the list")]
    [InlineData("""{ "x": { "uniform": [0, 1], "when": { "knd": 1 } }, "kind": [1, 2] }""", "space.x.when.knd", "Did you mean kind?")]
    [InlineData("""{ "x": { "uniform": [0, 1], "when": { "kind": 3 } }, "kind": [1, 2] }""", "space.x.when.kind", "never 3")]
    [InlineData("""{ "x": { "uniform": [0, 1], "when": {} } }""", "space.x.when", "names other parameters")]
    [InlineData("""{ "x": { "choice": [1], "when": { "x": 1 } } }""", "space.x.when", "circle: x needs x")]
    [InlineData("""{ "x": { "choice": [1], "when": { "y": 1 } }, "y": { "choice": [1], "when": { "z": 1 } }, "z": { "choice": [1], "when": { "x": 1 } } }""", "space.x.when", "x needs y needs z needs x")]
    [InlineData("""{ "a": [{ "b": 1 }, { "b": 2 }], "a.b": [3] }""", "space.a.b", "set by a and by a.b")]
    public void A_bad_space_is_refused_with_its_place_and_its_mending(string space, string path, string words)
    {
        var reading = SpaceReader.Read(JsonNode.Parse(space)!.AsObject());
        Assert.Null(reading.Space);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x > 10", "constraints[0]", "None of 2,000")]
    [InlineData("kind == \"c\"", "constraints[0]", "None of")]
    [InlineData("x >> 1", "constraints[0]", "At character 4")]
    public void A_constraint_that_nothing_meets_is_refused(string constraint, string path, string words)
    {
        var reading = SpaceReader.Read(JsonNode.Parse("""{ "x": { "uniform": [0, 1] }, "kind": ["a", "b"] }""")!.AsObject(), [constraint]);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_that_contradict_each_other_are_refused_by_the_rarest()
    {
        var reading = SpaceReader.Read(JsonNode.Parse("""{ "x": { "integer": [1, 10] }, "y": { "integer": [1, 10] } }""")!.AsObject(), ["x + y > 10", "x + y < 5"]);
        Assert.Equal("constraints[1]", Assert.Single(reading.Problems).Path);
        Assert.Contains("None of 100", reading.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rare_configuration_of_a_small_space_is_found() =>
        Assert.NotNull(SpaceReader.Read(JsonNode.Parse("""{ "x": { "integer": [1, 100] }, "y": { "integer": [1, 100] } }""")!.AsObject(), ["x == 77 and y == 3"]).Space);

    [Fact]
    public void Constraints_may_name_what_is_the_same_everywhere()
    {
        var constants = new Dictionary<string, JsonNode> { ["training.iterations"] = JsonValue.Create(100) };
        var space = SpaceReader.Read(JsonNode.Parse("""{ "warmup": { "integer": [1, 200] } }""")!.AsObject(), ["warmup < training.iterations"], constants: constants).Space!;
        Assert.True(space.Satisfies(space.FromUnit([0.2])));
        Assert.False(space.Satisfies(space.FromUnit([0.8])));
    }

    [Theory]
    [InlineData("optimizer.learningRat", """{ "logUniform": [1e-4, 1e-2] }""", "space.optimizer.learningRat", "Did you mean optimizer.learningRate?")]
    [InlineData("seed", "[1, 2]", "space.seed", "replicates")]
    [InlineData("objective.order", """{ "uniform": [0, 1] }""", "space.objective.order", "List its values")]
    [InlineData("objective.order", """["rk12", "rk99"]""", "space.objective.order[1]", "rk")]
    [InlineData("training.batchSize", """{ "uniform": [8, 64] }""", "space.training.batchSize", "integer: [8, 64]")]
    [InlineData("training.batchSize", """{ "integer": [-8, 64] }""", "space.training.batchSize.integer", "at least 1")]
    public void Paths_and_types_are_those_of_the_run_specification(string path, string parameter, string at, string words)
    {
        var reading = SpaceReader.Read(new JsonObject { [path] = JsonNode.Parse(parameter) }, find: SpecificationSchema.Find);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(at, problem.Path);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_space_over_the_run_specification_is_read()
    {
        var reading = SpaceReader.Read(JsonNode.Parse("""
            {
              "optimizer.learningRate": { "logUniform": [1e-4, 1e-2] },
              "training.batchSize": { "integer": [8, 64], "step": 8 },
              "objective": [{ "kind": "rectified-flow" }, { "kind": "catch-up", "order": "rk12" }],
              "ema.decay": { "fixed": 0.99 }
            }
            """)!.AsObject(), ["training.batchSize * optimizer.learningRate <= 0.5"], SpecificationSchema.Find);
        Assert.Empty(reading.Problems);
        Assert.Equal(["optimizer.learningRate", "training.batchSize", "objective.kind", "objective.order", "ema.decay"], reading.Space!.Keys);
        Assert.False(reading.Space.IsFinite);
        Assert.False(reading.Space.IsPlain);
    }

    [Fact]
    public void A_grid_too_large_or_over_a_continuum_is_refused_in_words()
    {
        var wide = SpaceReader.Read(JsonNode.Parse("""{ "x": { "integer": [1, 1000000] }, "y": { "integer": [1, 1000000] } }""")!.AsObject()).Space!;
        Assert.Contains("1,000,000,000,000 configurations", GridMethod.Problem(wide)!.Message, StringComparison.Ordinal);
        var continuum = SpaceReader.Read(JsonNode.Parse("""{ "x": { "uniform": [0, 1] } }""")!.AsObject()).Space!;
        Assert.Equal("space.x", GridMethod.Problem(continuum)!.Path);
        Assert.Throws<ArgumentException>(() => new GridSearch(continuum));
    }

    [Fact]
    public void Too_many_parameters_and_constraints_are_refused()
    {
        var many = new JsonObject(Enumerable.Range(0, SpaceReader.MostParameters + 1).Select(index => KeyValuePair.Create($"x{index}", (JsonNode?)new JsonArray(1, 2))));
        Assert.Contains("at most 200", Assert.Single(SpaceReader.Read(many).Problems).Message, StringComparison.Ordinal);
        var constraints = Enumerable.Repeat("x < 2", SpaceReader.MostConstraints + 1).ToList();
        Assert.Equal("constraints", Assert.Single(SpaceReader.Read(new JsonObject { ["x"] = new JsonArray(1, 2) }, constraints).Problems).Path);
    }

    [Fact]
    public void A_condition_may_name_a_whole_mapping()
    {
        var space = SpaceReader.Read(JsonNode.Parse("""{ "objective": [{ "kind": "a" }, { "kind": "b" }], "x": { "choice": [1, 2], "when": { "objective": { "kind": "b" } } } }""")!.AsObject()).Space!;
        Assert.Equal("""{"objective":{"kind":"a"}}""", space.FromUnit([0.1, 0.1]).ToJson().ToJsonString());
        Assert.Equal("""{"objective":{"kind":"b"},"x":1}""", space.FromUnit([0.9, 0.1]).ToJson().ToJsonString());
    }

    [Fact]
    public void Any_json_is_read_or_refused_in_words() => Spaces.Sample(space =>
    {
        var reading = SpaceReader.Read(JsonNode.Parse(space)!.AsObject(), ["optimizer.learningRate < 1"]);
        if (reading.Space is not { } read)
        {
            return reading.Problems.Count > 0 && reading.Problems.All(problem => problem.Message.EndsWith('.') || problem.Message.EndsWith('?') || problem.Message.EndsWith('}') || problem.Message.EndsWith(']'));
        }

        return reading.Problems.Count == 0 && read.FromUnit([.. Enumerable.Repeat(0.5, read.Parameters.Count)]).ToJson().Count <= read.Parameters.Count;
    }, iter: 3000);

    private static readonly string[] Paths = ["optimizer.learningRate", "kind", "x", "objective"];

    private static readonly string[] Scalars = ["1", "0", "-3", "2.5", "1e-3", "1e300", "\"a\"", "\"NaN\"", "null", "true", "[]", "{}", "[1, 2]", "[2, 1]", "[0.1, 10]", "{ \"kind\": \"a\" }", "[[1], [2]]"];

    private static readonly Gen<string> Values =
        from name in Gen.Int[0, Distribution.Names.Count + Distribution.Companions.Count]
        from value in Gen.Int[0, Scalars.Length - 1]
        from other in Gen.Int[0, Distribution.Companions.Count - 1]
        from argument in Gen.Int[0, Scalars.Length - 1]
        from parent in Gen.Int[0, Paths.Length - 1]
        from form in Gen.Int[0, 4]
        let word = Distribution.Names.Concat(Distribution.Companions).Append("nonsense").ElementAt(name)
        select form switch
        {
            0 => Scalars[value],
            1 => $$"""{ "{{word}}": {{Scalars[value]}} }""",
            2 when word != "when" => $$"""{ "{{word}}": [0.5, 8], "when": { "{{Paths[parent]}}": {{Scalars[argument]}} } }""",
            3 => $$"""{ "choice": [1, "a", {{Scalars[value]}}], "when": { "{{Paths[parent]}}": {{Scalars[argument]}} } }""",
            _ => word == Distribution.Companions[other] ? "[1]" : $$"""{ "{{word}}": {{Scalars[value]}}, "{{Distribution.Companions[other]}}": {{Scalars[argument]}} }""",
        };

    private static readonly Gen<string> Spaces = Values.Array[1, 4].Select(values => $"{{ {string.Join(", ", values.Select((value, index) => $"\"{Paths[index]}\": {value}"))} }}");
}
