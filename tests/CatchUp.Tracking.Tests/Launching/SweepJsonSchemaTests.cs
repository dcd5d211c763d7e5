using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Sweeps;

namespace CatchUp.Tracking.Tests.Launching;

public sealed class SweepJsonSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(SweepJsonSchema.Text)!.AsObject();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Repository.Root, "sweeps"), "*.yaml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Ready_sweep_files_are_valid(string file) =>
        Assert.Empty(Problems(Schema, SweepDocument.Parse(File.ReadAllText(Path.Combine(Path.Combine(Repository.Root, "sweeps"), file))).Root, ""));

    [Theory]
    [InlineData("name: a\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-2], when: { coupling.kind: learned } }, training.batchSize: { integer: [8, 64], step: 8 } }\nconstraints: [a < b]\nsearch: { method: tpe, trials: 8, stopping: { method: asha, reduction: 3 }, objectives: [{ metric: fid, nfe: [1, 2], over: area }, { metric: gpu-hours }] }", "")]
    [InlineData("base: { preset: mnist }", "name")]
    [InlineData("name: a\nbase: { trainnig: {} }", "base.trainnig")]
    [InlineData("name: a\nbase: { training: { iterations: many } }", "base.training.iterations")]
    [InlineData("name: a\nbase: { training: { iterations: 0 } }", "base.training.iterations")]
    [InlineData("name: a\nbase: { objective: { order: rk99 } }", "base.objective.order")]
    [InlineData("name: a\nspace: { training.batchSze: [1, 2] }", "space.training.batchSze")]
    [InlineData("name: a\nspace: { training.batchSize: 3 }", "space.training.batchSize")]
    [InlineData("name: a\nspace: { coupling.kind: { uniform: [0, 1] } }", "space.coupling.kind")]
    [InlineData("name: a\nsearch: { method: best }", "search.method")]
    [InlineData("name: a\nschedule: { restarts: { onLog: [{ action: retry }] } }", "schedule.restarts.onLog[0].match")]
    public void Schema_finds_what_is_wrong_and_nothing_else(string file, string place)
    {
        var problems = Problems(Schema, SweepDocument.Parse(file).Root, "").ToList();

        Assert.Equal(place.Length == 0 ? [] : [place], problems);
    }

    [Fact]
    public void Schema_says_which_draft_it_is_and_describes_every_key()
    {
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", Schema["$schema"]!.GetValue<string>());
        Assert.All(Schema["properties"]!.AsObject(), property => Assert.NotNull(property.Value!["description"]));
        Assert.All(Schema["$defs"]!.AsObject().Where(definition => definition.Key.StartsWith("key.", StringComparison.Ordinal) && definition.Key != "key."), definition => Assert.NotNull(definition.Value!["description"]));
    }

    /// <summary>What the schema refuses, by a walk over those of its keywords that are used; a keyword that is not known here fails.</summary>
    private static IEnumerable<string> Problems(JsonObject schema, JsonNode? value, string path)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        foreach (var (keyword, given) in schema)
        {
            var holds = keyword switch
            {
                "$schema" or "$defs" or "title" or "description" or "default" or "examples" => true,
                "type" => (given is JsonArray types ? types.Select(type => type!.GetValue<string>()) : [given!.GetValue<string>()]).Any(type => Is(type, value, kind)),
                "enum" => given!.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
                "minimum" => kind != JsonValueKind.Number || Number(value) >= Number(given),
                "maximum" => kind != JsonValueKind.Number || Number(value) <= Number(given),
                "exclusiveMinimum" => kind != JsonValueKind.Number || Number(value) > Number(given),
                "maxLength" => kind != JsonValueKind.String || value!.GetValue<string>().Length <= Number(given),
                "minItems" => value is not JsonArray items || items.Count >= Number(given),
                "maxItems" => value is not JsonArray items || items.Count <= Number(given),
                "minProperties" => value is not JsonObject members || members.Count >= Number(given),
                "anyOf" => given!.AsArray().Any(one => !Problems(one!.AsObject(), value, path).Any()),
                "properties" or "items" or "$ref" or "additionalProperties" or "required" => true,
                _ => throw new InvalidOperationException($"The keyword {keyword} is not looked at."),
            };
            if (!holds)
            {
                yield return path;
                yield break;
            }
        }

        if (schema["$ref"] is { } reference)
        {
            foreach (var problem in Problems(Schema["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), value, path))
            {
                yield return problem;
            }
        }

        if (value is JsonArray list && schema["items"] is JsonObject item)
        {
            foreach (var problem in list.SelectMany((each, index) => Problems(item, each, $"{path}[{index}]")))
            {
                yield return problem;
            }
        }

        foreach (var problem in value is JsonObject mapping ? InMapping(schema, mapping, path) : [])
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> InMapping(JsonObject schema, JsonObject mapping, string path)
    {
        string Below(string key) => path.Length == 0 ? key : $"{path}.{key}";
        foreach (var missing in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !mapping.ContainsKey(name)))
        {
            yield return Below(missing);
        }

        foreach (var (key, value) in mapping)
        {
            if (schema["properties"]?[key] is JsonObject property)
            {
                foreach (var problem in Problems(property, value, Below(key)))
                {
                    yield return problem;
                }
            }
            else if (schema["additionalProperties"] is { } others && !others.GetValue<bool>())
            {
                yield return Below(key);
            }
        }
    }

    private static bool Is(string type, JsonNode? value, JsonValueKind kind) => type switch
    {
        "object" => kind == JsonValueKind.Object,
        "array" => kind == JsonValueKind.Array,
        "string" => kind == JsonValueKind.String,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "number" => kind == JsonValueKind.Number,
        "integer" => kind == JsonValueKind.Number && double.IsInteger(Number(value)),
        _ => throw new InvalidOperationException($"There is no type {type}."),
    };

    private static double Number(JsonNode? value) => value!.Deserialize<double>();
}
