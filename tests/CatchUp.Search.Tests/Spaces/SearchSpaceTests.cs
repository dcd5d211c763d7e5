using System.Text.Json.Nodes;
using CatchUp.Search.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Spaces;

public sealed class SearchSpaceTests
{
    private static readonly Gen<(SearchSpace Space, double[] Unit)> Points =
        from space in SpaceGenerators.Spaces
        from unit in Gen.Double[0, 1].Array[space.Parameters.Count]
        select (space, unit);

    [Fact]
    public void Every_point_of_the_cube_is_a_configuration_that_reads_back() => Points.Sample(point =>
    {
        var configuration = point.Space.FromUnit(point.Unit);
        var json = configuration.ToJson();
        var again = point.Space.Decode(JsonNode.Parse(json.ToJsonString())!.AsObject());
        return again is not null && again.ToJson().ToJsonString() == json.ToJsonString();
    });

    [Fact]
    public void A_configuration_comes_back_from_its_place_in_the_cube() => Points.Sample(point =>
    {
        var configuration = point.Space.FromUnit(point.Unit);
        var again = point.Space.FromUnit(point.Space.ToUnit(configuration));
        foreach (var parameter in point.Space.Parameters.Where(parameter => configuration.Has(parameter.Path)))
        {
            var (one, other) = (configuration.ToJson()[parameter.Path]!, again.ToJson()[parameter.Path]!);
            // A continuum comes back to the digits that are written.
            if (parameter.Count is null ? Math.Abs(one.GetValue<double>() - other.GetValue<double>()) > 1e-5 * Math.Max(Math.Abs(one.GetValue<double>()), ((NumberParameter)parameter).High - ((NumberParameter)parameter).Low) : !JsonNode.DeepEquals(one, other))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Parameters_exist_exactly_when_their_conditions_hold() => Points.Sample(point =>
    {
        var json = point.Space.FromUnit(point.Unit).ToJson();
        return point.Space.Parameters.All(parameter => json.ContainsKey(parameter.Path)
            == parameter.When.All(condition => json.TryGetPropertyValue(condition.Path, out var value) && condition.Values.Any(wanted => JsonNode.DeepEquals(wanted, value))));
    });

    [Fact]
    public void Numbers_lie_within_their_bounds_and_on_their_steps() => Points.Sample(point =>
    {
        var json = point.Space.FromUnit(point.Unit).ToJson();
        return point.Space.Parameters.OfType<NumberParameter>().Where(parameter => json.ContainsKey(parameter.Path)).All(parameter =>
        {
            var value = double.Parse(json[parameter.Path]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
            return value >= parameter.Low && value <= parameter.High
                && (parameter.Step is not { } step || Math.Abs(((value - parameter.Low) / step) - Math.Round((value - parameter.Low) / step)) < 1e-6)
                && (!parameter.Whole || value == Math.Floor(value));
        });
    });

    [Fact]
    public void Spaces_are_written_as_they_are_read() => SpaceGenerators.Spaces.Sample(space =>
    {
        var written = new JsonObject(space.Parameters.Select(parameter => KeyValuePair.Create(parameter.Path, (JsonNode?)parameter.ToJson())));
        var again = SpaceReader.Read(written).Space;
        return again is not null && new JsonObject(again.Parameters.Select(parameter => KeyValuePair.Create(parameter.Path, (JsonNode?)parameter.ToJson()))).ToJsonString() == written.ToJsonString();
    });

    [Theory]
    [InlineData("""{ "uniform": [0, 10] }""", 0.25, 2.5)]
    [InlineData("""{ "logUniform": [1e-4, 1] }""", 0.5, 0.01)]
    [InlineData("""{ "normal": [5, 2] }""", 0.5, 5)]
    [InlineData("""{ "normal": [5, 2] }""", 0.841344746, 7)]
    [InlineData("""{ "normal": [0, 1], "within": [0, 10] }""", 0.682689492, 1)]
    [InlineData("""{ "logNormal": [0, 1] }""", 0.841344746, 2.71828)]
    [InlineData("""{ "uniform": [0, 1], "step": 0.1 }""", 0.3, 0.3)]
    [InlineData("""{ "integer": [1, 4] }""", 0.99, 4)]
    [InlineData("""{ "integer": [1, 1000], "log": true }""", 0.5, 22)]
    public void A_uniform_number_gives_the_distribution(string parameter, double unit, double value)
    {
        var space = SpaceReader.Read(new JsonObject { ["x"] = JsonNode.Parse(parameter) }).Space!;
        Assert.Equal(value, double.Parse(space.FromUnit([unit]).ToJson()["x"]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture), 1e-4 * value);
    }

    [Fact]
    public void Conditions_nest_and_keys_set_by_mappings_count()
    {
        var space = SpaceReader.Read(JsonNode.Parse("""
            {
              "objective": [{ "kind": "rectified-flow" }, { "kind": "catch-up", "order": "rk12" }, { "kind": "catch-up", "order": "rk23" }],
              "a": { "choice": [1, 2], "when": { "objective.kind": "catch-up" } },
              "b": { "uniform": [0, 1], "when": { "a": 2, "objective.order": ["rk23"] } }
            }
            """)!.AsObject()).Space!;
        Assert.Equal("""{"objective":{"kind":"rectified-flow"}}""", space.FromUnit([0.1, 0.9, 0.5]).ToJson().ToJsonString());
        Assert.Equal(["objective", "a"], space.FromUnit([0.5, 0.9, 0.5]).ToJson().Select(member => member.Key));
        Assert.Equal(["objective", "a", "b"], space.FromUnit([0.9, 0.9, 0.5]).ToJson().Select(member => member.Key));
        Assert.Equal(["objective", "a"], space.FromUnit([0.9, 0.1, 0.5]).ToJson().Select(member => member.Key));
    }

    [Theory]
    [InlineData("""{"kind":"a"}""", true)]
    [InlineData("""{"kind":"b","x":3}""", true)]
    [InlineData("""{"kind":"a","x":3}""", false)]
    [InlineData("""{"kind":"b"}""", false)]
    [InlineData("""{"kind":"b","x":11}""", false)]
    [InlineData("""{"kind":"b","x":2.5}""", false)]
    [InlineData("""{"kind":"c"}""", false)]
    public void Only_configurations_of_the_space_are_read(string json, bool good)
    {
        var space = SpaceReader.Read(JsonNode.Parse("""{ "kind": ["a", "b"], "x": { "integer": [1, 10], "when": { "kind": "b" } } }""")!.AsObject()).Space!;
        Assert.Equal(good, space.Decode(JsonNode.Parse(json)!.AsObject()) is not null);
    }

    [Fact]
    public void A_configuration_is_a_trial_whose_settings_are_written_over_a_base()
    {
        var space = SpaceReader.Read(JsonNode.Parse("""{ "objective.order": ["rk12", "rk23"], "optimizer.learningRate": { "logUniform": [1e-4, 1e-2] } }""")!.AsObject()).Space!;
        var trial = space.FromUnit([0.9, 0.5]).ToTrial(4);
        Assert.Equal((4, "trial5"), (trial.Index, trial.Label));
        Assert.Equal(new Dictionary<string, string> { ["objective.order"] = "rk23", ["optimizer.learningRate"] = "0.001" }, trial.Parameters);
    }
}
