using System.Text.Json.Nodes;
using CatchUp.Search.Import;
using CatchUp.Search.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Import;

public sealed class SpaceImportTests
{
    [Fact]
    public void A_sweep_of_weights_and_biases_becomes_a_space()
    {
        var imported = SpaceImport.FromWeightsAndBiases(JsonNode.Parse("""
            {
              "program": "train.py",
              "name": "first try",
              "method": "bayes",
              "metric": { "name": "val_loss", "goal": "minimize", "target": 0.1 },
              "run_cap": 40,
              "parameters": {
                "optimizer": { "values": ["adam", "sgd", "adam"] },
                "epochs": { "value": 15 },
                "layers": { "min": 1, "max": 8 },
                "dropout": { "min": 0.0, "max": 0.5 },
                "learning_rate": { "distribution": "log_uniform_values", "min": 1e-5, "max": 1e-1 },
                "decay": { "distribution": "log_uniform", "min": -9.210340371976182, "max": 0 },
                "batch_size": { "distribution": "q_log_uniform_values", "q": 8, "min": 30, "max": 256 },
                "momentum": { "distribution": "normal", "mu": 0.9, "sigma": 0.02 },
                "noise": { "distribution": "q_normal", "mu": 1, "sigma": 0.5, "q": 0.25 },
                "mix": { "distribution": "beta", "a": 1, "b": 2 },
                "weights": { "values": [1, 2], "probabilities": [0.9, 0.1] },
                "scheduler": { "parameters": { "kind": { "values": ["cosine"] }, "warmup": { "distribution": "int_uniform", "min": 0, "max": 100 } } }
              },
              "early_terminate": { "type": "hyperband", "min_iter": 3, "eta": 2, "strict": true }
            }
            """));
        Assert.Equal("""["adam","sgd"]""", imported.Space["optimizer"]!.ToJsonString());
        Assert.Equal("""{"fixed":15}""", imported.Space["epochs"]!.ToJsonString());
        Assert.Equal("""{"integer":[1,8]}""", imported.Space["layers"]!.ToJsonString());
        Assert.Equal("""{"uniform":[0,0.5]}""", imported.Space["dropout"]!.ToJsonString());
        Assert.Equal("""{"logUniform":[1E-05,0.1]}""", imported.Space["learning_rate"]!.ToJsonString());
        Assert.Equal(1e-4, imported.Space["decay"]!["logUniform"]![0]!.GetValue<double>(), 1e-12);
        Assert.Equal("""{"logUniform":[32,256],"step":8}""", imported.Space["batch_size"]!.ToJsonString());
        Assert.Equal("""{"normal":[0.9,0.02]}""", imported.Space["momentum"]!.ToJsonString());
        Assert.Equal("""{"normal":[1,0.5],"within":[-1,3],"step":0.25}""", imported.Space["noise"]!.ToJsonString());
        Assert.Equal("""{"integer":[0,100]}""", imported.Space["scheduler.warmup"]!.ToJsonString());
        Assert.False(imported.Space.ContainsKey("mix"));
        Assert.Equal("""{"method":"tpe","trials":40,"stopping":{"method":"asha","resource":"steps","reduction":2,"least":3}}""", imported.Search.ToJsonString());
        Assert.Equal(("minimize", "val_loss", "first try"), (imported.Goal, imported.Metric, imported.Name));
        Assert.Equal(
            ["early_terminate", "early_terminate.strict", "method", "metric.target", "parameters.batch_size", "parameters.mix", "parameters.noise", "parameters.optimizer[2]", "parameters.weights.probabilities", "program"],
            imported.NotKept.Select(problem => problem.Path).Order(StringComparer.Ordinal));
        Assert.All(imported.NotKept, problem => Assert.EndsWith(".", problem.Message, StringComparison.Ordinal));
        Assert.Empty(SpaceReader.Read(imported.Space).Problems);
    }

    [Fact]
    public void Distributions_of_optuna_become_a_space()
    {
        var imported = SpaceImport.FromOptuna(JsonNode.Parse("""
            {
              "direction": "maximize",
              "study_name": "tuned",
              "distributions": {
                "lr": { "name": "FloatDistribution", "attributes": { "step": null, "low": 1e-5, "high": 0.1, "log": true } },
                "dropout": "{\"name\": \"FloatDistribution\", \"attributes\": {\"step\": 0.1, \"low\": 0.0, \"high\": 0.5, \"log\": false}}",
                "layers": { "name": "IntDistribution", "attributes": { "step": 2, "low": 2, "high": 8, "log": false } },
                "units": { "name": "IntLogUniformDistribution", "attributes": { "low": 16, "high": 256, "step": 1 } },
                "kind": { "name": "CategoricalDistribution", "attributes": { "choices": ["a", "b", null] } },
                "one": { "name": "UniformDistribution", "attributes": { "low": 3, "high": 3 } },
                "old": { "name": "DiscreteUniformDistribution", "attributes": { "low": 0, "high": 1, "q": 0.25 } },
                "bad": { "name": "BetaDistribution", "attributes": { "low": 0, "high": 1 } },
                "torn": "{ \"name\":"
              },
              "sampler": "TPESampler"
            }
            """));
        Assert.Equal("""{"lr":{"logUniform":[1E-05,0.1]},"dropout":{"uniform":[0,0.5],"step":0.1},"layers":{"integer":[2,8],"step":2},"units":{"integer":[16,256],"log":true},"kind":["a","b"],"one":{"fixed":3},"old":{"uniform":[0,1],"step":0.25}}""", imported.Space.ToJsonString());
        Assert.Equal(("maximize", "tuned"), (imported.Goal, imported.Name));
        Assert.Equal(["sampler", "distributions.kind[2]", "distributions.bad", "distributions.torn"], imported.NotKept.Select(problem => problem.Path));
        Assert.Empty(SpaceReader.Read(imported.Space).Problems);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "parameters": [] }""")]
    [InlineData("""{ "parameters": { "x": 3, "y": {}, "z": { "distribution": "unifrom", "min": 1, "max": 2 }, "u": { "min": 1 }, "v": { "values": [] } } }""")]
    [InlineData("""{ "x": { "name": "IntDistribution" }, "y": 4 }""")]
    public void What_is_no_space_is_told_and_breaks_nothing(string json)
    {
        foreach (var imported in new[] { SpaceImport.FromWeightsAndBiases(JsonNode.Parse(json)), SpaceImport.FromOptuna(JsonNode.Parse(json)) })
        {
            Assert.Empty(imported.Space);
            Assert.NotEmpty(imported.NotKept);
        }
    }

    [Fact]
    public void Sizes_are_limited()
    {
        var wide = new JsonObject { ["parameters"] = new JsonObject(Enumerable.Range(0, 500).Select(index => KeyValuePair.Create($"x{index}", (JsonNode?)new JsonObject { ["value"] = index }))) };
        var imported = SpaceImport.FromWeightsAndBiases(wide);
        Assert.Equal(SpaceImport.MostParameters, imported.Space.Count);
        Assert.Single(imported.NotKept, problem => problem.Path == "parameters");

        JsonNode deep = new JsonObject { ["value"] = 1 };
        for (var level = 0; level < 40; level++)
        {
            deep = new JsonObject { ["parameters"] = new JsonObject { ["g"] = deep } };
        }

        Assert.Empty(SpaceImport.FromWeightsAndBiases(deep).Space);
    }

    [Fact]
    public void Any_range_that_is_kept_is_read_or_refused_in_words() => Gen.Select(Gen.Int[0, 17], Gen.Double, Gen.Double, Gen.Double).Sample((kind, low, high, step) =>
    {
        string[] kinds = ["constant", "categorical", "int_uniform", "uniform", "q_uniform", "log_uniform", "log_uniform_values", "q_log_uniform", "q_log_uniform_values", "inv_log_uniform", "inv_log_uniform_values", "normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta", "none"];
        var parameter = new JsonObject { ["distribution"] = kinds[kind], ["min"] = low, ["max"] = high, ["mu"] = low, ["sigma"] = high, ["q"] = step };
        var imported = SpaceImport.FromWeightsAndBiases(new JsonObject { ["parameters"] = new JsonObject { ["x"] = parameter } });
        return imported.Space.Count == 0 ? imported.NotKept.Count > 0 : SpaceReader.Read(imported.Space) is { } reading && (reading.Space is not null || reading.Problems.Count > 0);
    });
}
