using System.Numerics;
using System.Text.Json.Nodes;
using CsCheck;

namespace CatchUp.Search.Tests;

public sealed class GridSearchTests
{
    private static readonly string[] Paths = ["optimizer.learningRate", "training.batchSize", "objective.order", "data.dataset", "evaluation.nfe", "ema.warmup"];

    private static readonly Gen<SearchSpace> Spaces =
        from sizes in Gen.Int[1, 6].Array[0, 5]
        from shift in Gen.Int[0, 5]
        select new SearchSpace([.. sizes.Select((size, index) => new Dimension(Paths[(index + shift) % Paths.Length], [.. Enumerable.Range(0, size).Select(value => Value(index, value))]))]);

    [Fact]
    public void Grid_has_every_configuration_exactly_once() => Spaces.Sample(space =>
    {
        var grid = new GridSearch(space);
        var trials = grid.Trials().ToList();
        var distinct = trials.Select(trial => string.Join('|', trial.Settings.Select(setting => $"{setting.Path}={setting.Choice}"))).ToHashSet();
        var expected = space.Dimensions.Aggregate(1, (product, dimension) => product * dimension.Values.Count);
        return grid.Count == expected && trials.Count == expected && distinct.Count == expected
            && trials.All(trial => trial.Settings.Select(setting => setting.Path).SequenceEqual(space.Dimensions.Select(dimension => dimension.Path)));
    });

    [Fact]
    public void Labels_of_a_grid_are_unique() => Spaces.Sample(space =>
    {
        var labels = new GridSearch(space).Trials().Select(trial => trial.Label).ToList();
        return labels.Distinct().Count() == labels.Count;
    });

    [Fact]
    public void A_configuration_is_found_by_its_index_alone() => Spaces.Sample(space =>
    {
        var grid = new GridSearch(space);
        return grid.Trials().All(trial => grid[trial.Index].Label == trial.Label && grid[trial.Index].Index == trial.Index);
    });

    [Fact]
    public void Neighbours_differ_in_one_dimension() => Spaces.Sample(space =>
    {
        var grid = new GridSearch(space);
        var index = grid.Count / 2;
        var neighbours = grid.Neighbours(index).ToList();
        return neighbours.Count == space.Dimensions.Sum(dimension => dimension.Values.Count - 1)
            && neighbours.Distinct().Count() == neighbours.Count
            && neighbours.All(other => grid[other].Settings.Zip(grid[index].Settings).Count(pair => pair.First.Choice != pair.Second.Choice) == 1);
    });

    [Fact]
    public void Last_dimension_changes_fastest()
    {
        var grid = new GridSearch(new SearchSpace([Numbers("training.batchSize", 8, 16), Texts("objective.order", "rk12", "rk23", "rk34")]));
        Assert.Equal(["bs8-rk12", "bs8-rk23", "bs8-rk34", "bs16-rk12", "bs16-rk23", "bs16-rk34"], grid.Trials().Select(trial => trial.Label));
    }

    [Fact]
    public void Space_without_dimensions_has_the_base_alone()
    {
        var trial = Assert.Single(new GridSearch(new SearchSpace([])).Trials());
        Assert.Equal((0, ""), (trial.Index, trial.Label));
        Assert.Empty(trial.Parameters);
    }

    [Fact]
    public void Space_too_large_to_count_is_still_counted()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 30).Select(_ => Numbers("seed", [.. Enumerable.Range(0, 100)]))]);
        Assert.Equal(BigInteger.Pow(100, 30), space.Size);
        Assert.Throws<ArgumentException>(() => new GridSearch(space));
    }

    [Fact]
    public void Index_outside_the_grid_is_refused()
    {
        var grid = new GridSearch(new SearchSpace([Numbers("seed", 1, 2)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid[-1]);
    }

    [Fact]
    public void Dimension_without_values_is_refused() => Assert.Throws<ArgumentException>(() => new SearchSpace([new Dimension("seed", [])]));

    [Fact]
    public void Parameters_of_mappings_name_the_keys_they_set()
    {
        var space = new SearchSpace([new Dimension("objective", [JsonNode.Parse("""{ "kind": "rectified-flow" }""")!, JsonNode.Parse("""{ "kind": "catch-up", "order": "rk12" }""")!])]);
        var trials = new GridSearch(space).Trials().ToList();
        Assert.Equal(["objective.kind", "objective.order"], space.Keys);
        Assert.Equal(["rectified-flow", "catch-up-rk12"], trials.Select(trial => trial.Label));
        Assert.Equal(["objective.kind"], trials[0].Parameters.Keys);
        Assert.Equal("rk12", trials[1].Parameters["objective.order"]);
    }

    [Theory]
    [InlineData("optimizer.learningRate", "[0.001, 0.003]", "lr0.001,lr0.003")]
    [InlineData("ema.decay", "[0.9]", "decay0.9")]
    [InlineData("ema.warmup", "[true, false]", "warmup,nowarmup")]
    [InlineData("evaluation.nfe", "[[1, 2], [1, 4]]", "nfe1__2,nfe1__4")]
    [InlineData("data.dataset", "[\"fashion-mnist\", \"fashion-mnist-10k\"]", "dataset1,dataset2")]
    [InlineData("data.dataset", "[\"a/b c\"]", "a_b_c")]
    public void Labels_are_short_and_none_begins_another(string path, string values, string labels) =>
        Assert.Equal(labels.Replace("__", "_", StringComparison.Ordinal).Split(','), new Dimension(path, [.. JsonNode.Parse(values)!.AsArray().Select(value => value!.DeepClone())]).Labels);

    [Fact]
    public void Replicates_differ_in_their_seed_alone()
    {
        Assert.Equal([5, 6, 7], Enumerable.Range(0, 3).Select(replicate => Replicates.Seed(5, replicate)));
        Assert.Equal(["s5", "s6"], Enumerable.Range(0, 2).Select(replicate => Replicates.Suffix(5, replicate, 2)));
        Assert.Equal("", Replicates.Suffix(5, 0, 1));
        Assert.Throws<OverflowException>(() => Replicates.Seed(int.MaxValue, 1));
    }

    [Theory]
    [InlineData("""{ "logUniform": [0.1, 1] }""", "logUniform")]
    [InlineData("""{ "uniform": [0.1, 1] }""", "uniform")]
    [InlineData("""{ "kind": "catch-up" }""", null)]
    [InlineData("[1, 2]", null)]
    public void Distributions_are_recognised(string json, string? name) => Assert.Equal(name, Distribution.NameOf(JsonNode.Parse(json)));

    private static Dimension Numbers(string path, params int[] values) => new(path, [.. values.Select(value => JsonValue.Create(value))]);

    private static Dimension Texts(string path, params string[] values) => new(path, [.. values.Select(value => JsonValue.Create(value))]);

    /// <summary>Values whose texts begin each other, contain hyphens, or are of other kinds.</summary>
    private static JsonNode Value(int dimension, int value) => (dimension % 3) switch
    {
        0 => JsonValue.Create(value + 1),
        1 => JsonValue.Create("a" + string.Concat(Enumerable.Repeat("-a", value)))!,
        _ => new JsonObject { ["first"] = value, ["second"] = "x-" + value },
    };
}
