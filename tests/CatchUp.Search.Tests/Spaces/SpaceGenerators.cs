using System.Text.Json.Nodes;
using CatchUp.Search.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Spaces;

/// <summary>Spaces of every kind of parameter, some of them conditional on others.</summary>
public static class SpaceGenerators
{
    private static readonly Gen<JsonNode> Choices =
        from count in Gen.Int[1, 5]
        from kind in Gen.Int[0, 2]
        select (JsonNode)new JsonArray([.. Enumerable.Range(0, count).Select(index => kind switch
        {
            0 => (JsonNode)JsonValue.Create(index * 2),
            1 => JsonValue.Create($"word{index}"),
            _ => new JsonArray(index, index + 1),
        })]);

    private static readonly Gen<JsonNode> Integers =
        from low in Gen.Int[1, 50]
        from width in Gen.Int[0, 300]
        from step in Gen.Int[1, 7]
        from log in Gen.Bool
        select (JsonNode)new JsonObject { ["integer"] = new JsonArray(low, low + width), ["step"] = step, ["log"] = log };

    private static readonly Gen<JsonNode> Uniforms =
        from low in Gen.Double[-1000, 1000]
        from width in Gen.Double[0.001, 1000]
        from step in Gen.Double[0.01, 0.3]
        from stepped in Gen.Bool
        select (JsonNode)Stepped(new JsonObject { ["uniform"] = new JsonArray(low, low + width) }, stepped ? Math.Max(width * step, 0.001) : null);

    private static readonly Gen<JsonNode> LogUniforms =
        from exponent in Gen.Double[-12, 3]
        from decades in Gen.Double[0.1, 8]
        from stepped in Gen.Bool
        from step in Gen.Double[0.05, 0.5]
        select (JsonNode)Stepped(new JsonObject { ["logUniform"] = new JsonArray(Math.Pow(10, exponent), Math.Pow(10, exponent + decades)) }, stepped ? Math.Pow(10, exponent + decades) * step : null);

    private static readonly Gen<JsonNode> Bells =
        from mean in Gen.Double[-5, 5]
        from deviation in Gen.Double[0.01, 5]
        from log in Gen.Bool
        from within in Gen.Bool
        from left in Gen.Double[0.1, 3]
        from right in Gen.Double[0.1, 3]
        from step in Gen.Double[0.05, 0.4]
        from stepped in Gen.Bool
        select (JsonNode)Bell(mean, deviation, log, within, left, right, stepped ? step : null);

    private static readonly Gen<JsonNode> Parameters = Gen.OneOf(Choices, Integers, Uniforms, LogUniforms, Bells);

    /// <summary>Up to six parameters; each may depend on the choice before it.</summary>
    public static Gen<SearchSpace> Spaces { get; } =
        from parameters in Parameters.Array[1, 6]
        from dependent in Gen.Bool.Array[6]
        select Make(parameters, dependent);

    /// <summary>The same with parameters that can be counted.</summary>
    public static Gen<SearchSpace> FiniteSpaces { get; } =
        from parameters in Gen.OneOf(Choices, Gen.Int[1, 4].Select(width => (JsonNode)new JsonObject { ["integer"] = new JsonArray(3, 3 + width) })).Array[1, 5]
        from dependent in Gen.Bool.Array[5]
        select Make(parameters, dependent);

    private static SearchSpace Make(JsonNode[] parameters, bool[] dependent)
    {
        var space = new JsonObject();
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = parameters[index].DeepClone();
            if (index > 0 && dependent[index] && parameters[index - 1] is JsonArray before)
            {
                parameter = parameter is JsonArray ? new JsonObject { ["choice"] = parameter } : parameter;
                // A list as a value would read as several values.
                parameter["when"] = new JsonObject { [$"p.k{index - 1}"] = new JsonArray(before[^1]!.DeepClone()) };
            }

            space[$"p.k{index}"] = parameter;
        }

        var reading = SpaceReader.Read(space);
        return reading.Space ?? throw new InvalidOperationException($"{reading.Problems[0].Path}: {reading.Problems[0].Message} in {space.ToJsonString()}");
    }

    private static JsonObject Stepped(JsonObject form, double? step)
    {
        if (step is not null)
        {
            form["step"] = step;
        }

        return form;
    }

    private static JsonObject Bell(double mean, double deviation, bool log, bool within, double left, double right, double? step)
    {
        var form = new JsonObject { [log ? "logNormal" : "normal"] = new JsonArray(mean, deviation) };
        if (within || step is not null)
        {
            var (low, high) = (mean - (left * deviation), mean + (right * deviation));
            (low, high) = log ? (Math.Exp(low), Math.Exp(high)) : (low, high);
            form["within"] = new JsonArray(low, high);
            Stepped(form, step * (high - low));
        }

        return form;
    }
}
