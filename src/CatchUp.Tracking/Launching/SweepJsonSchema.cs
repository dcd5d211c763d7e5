using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>
/// Sweep files as a JSON Schema (draft 2020-12), for editors. It is made of the keys that the reader of sweep files has. What holds between keys it cannot say: the reader does.
/// </summary>
public static class SweepJsonSchema
{
    private const string Value = "#/$defs/key.";

    private static readonly Lazy<string> Made = new(() => Make().ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>The schema as text.</summary>
    public static string Text => Made.Value;

    private static JsonObject Make()
    {
        var definitions = new JsonObject
        {
            ["range"] = Range(Distribution.Names),
            ["chosen"] = Range(["choice", "fixed"]),
        };
        foreach (var key in SpecificationSchema.All)
        {
            definitions[$"key.{key.Path}"] = Of(key, child => new JsonObject { ["$ref"] = Value + child.Path });
        }

        definitions["key.preset"]!["examples"] = new JsonArray([.. PresetCatalog.All.Select(preset => (JsonNode)preset.Name)]);
        var properties = new JsonObject();
        foreach (var key in SweepFileSchema.Root.Keys)
        {
            properties[key.Name] = key.Name switch
            {
                "space" => Space(key),
                "variants" => Variants(key),
                _ => Of(key, Child),
            };
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Sweep file of CatchUp Platform",
            ["description"] = SweepFileSchema.Root.Description,
            ["type"] = "object",
            ["required"] = new JsonArray("name"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
            ["$defs"] = definitions,
        };
    }

    /// <summary>Keys of runs are defined once; those of the file stand where they are.</summary>
    private static JsonObject Child(SpecificationKey key) => SpecificationSchema.Find(key.Path) == key ? new JsonObject { ["$ref"] = Value + key.Path } : key.Path switch
    {
        "search.objectives" => Mappings(key, "metric", new()
        {
            ["metric"] = Word([.. SpecificationSchema.Find("evaluation.metrics")!.Choices, "gpu-hours"]),
            ["solver"] = Word(SpecificationSchema.Find("evaluation.solvers")!.Choices),
            ["nfe"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 } }) },
            ["over"] = Word(["area", "best"]),
            ["head"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 3 },
            ["goal"] = Word(["minimize", "maximize"]),
        }),
        "schedule.restarts.onLog" => Mappings(key, "match", new() { ["match"] = new JsonObject { ["type"] = "string" }, ["action"] = Word(["exclude-worker", "retry", "fail"]) }),
        _ => Of(key, Child),
    };

    private static JsonObject Of(SpecificationKey key, Func<SpecificationKey, JsonObject> child)
    {
        var schema = key.Kind switch
        {
            KeyKind.Section => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject(key.Keys.Select(each => KeyValuePair.Create(each.Name, (JsonNode?)child(each)))),
            },
            KeyKind.List => new JsonObject { ["type"] = "array", ["minItems"] = key.MinimumItems, ["items"] = Item(key.ItemKind ?? KeyKind.Text, key) },
            _ => Item(key.Kind, key),
        };
        if (key.Kind == KeyKind.List && key.ItemKind != KeyKind.Text)
        {
            schema["maxItems"] = key.MaximumLength;
        }

        if (key.Description.Length > 0)
        {
            schema["description"] = key.Description;
        }

        if (key.Default is { } value)
        {
            schema["default"] = value.DeepClone();
        }

        return schema;
    }

    private static JsonObject Item(KeyKind kind, SpecificationKey key)
    {
        var schema = kind switch
        {
            KeyKind.WholeNumber => new JsonObject { ["type"] = "integer" },
            KeyKind.Number => new JsonObject { ["type"] = "number" },
            KeyKind.Boolean => new JsonObject { ["type"] = "boolean" },
            KeyKind.Choice => Word(key.Choices),
            _ => new JsonObject { ["type"] = key.TakesNumbers ? new JsonArray("string", "integer") : "string" },
        };
        if (kind is KeyKind.WholeNumber or KeyKind.Number)
        {
            if (double.IsFinite(key.Minimum))
            {
                schema["minimum"] = key.Minimum;
            }

            if (double.IsFinite(key.Maximum))
            {
                schema["maximum"] = key.Maximum;
            }
        }
        else if (kind == KeyKind.Text)
        {
            schema["maxLength"] = key.MaximumLength;
        }

        return schema;
    }

    private static JsonObject Space(SpecificationKey space)
    {
        var properties = new JsonObject();
        foreach (var key in SpecificationSchema.All.Where(key => key.Path is not ("seed" or "preset" or "kind" or "initialRun")))
        {
            var numbers = key.Kind is KeyKind.Number or KeyKind.WholeNumber;
            properties[key.Path] = new JsonObject
            {
                ["description"] = key.Description,
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["$ref"] = Value + key.Path } },
                    new JsonObject { ["$ref"] = numbers ? "#/$defs/range" : "#/$defs/chosen" }),
            };
        }

        return new JsonObject { ["type"] = "object", ["description"] = space.Description, ["minProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Variants(SpecificationKey variants)
    {
        // A variant may also set dotted keys.
        var properties = new JsonObject(SpecificationSchema.Root.Keys.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)new JsonObject { ["$ref"] = Value + key.Path }))) { ["name"] = new JsonObject { ["type"] = "string", ["maxLength"] = 32 } };
        return new JsonObject { ["type"] = "array", ["minItems"] = 1, ["description"] = variants.Description, ["items"] = new JsonObject { ["type"] = "object", ["required"] = new JsonArray("name"), ["properties"] = properties } };
    }

    private static JsonObject Range(IReadOnlyList<string> forms)
    {
        JsonObject Pair() => new() { ["type"] = "array", ["minItems"] = 2, ["maxItems"] = 2, ["items"] = new JsonObject { ["type"] = "number" } };
        var properties = new JsonObject();
        foreach (var form in forms)
        {
            properties[form] = form switch
            {
                "choice" => new JsonObject { ["type"] = "array", ["minItems"] = 1 },
                "fixed" => new JsonObject(),
                _ => Pair(),
            };
            properties[form]!["description"] = SpaceForms.Describe(form);
        }

        if (forms.Contains("uniform"))
        {
            properties["step"] = new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["description"] = SpaceForms.Describe("step") };
            properties["log"] = new JsonObject { ["type"] = "boolean", ["description"] = SpaceForms.Describe("log") };
            properties["within"] = Pair();
            properties["within"]!["description"] = SpaceForms.Describe("within");
        }

        properties["when"] = new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["description"] = SpaceForms.Describe("when") };
        return new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Mappings(SpecificationKey key, string required, JsonObject properties) => new()
    {
        ["type"] = "array",
        ["minItems"] = 1,
        ["description"] = key.Description,
        ["items"] = new JsonObject { ["type"] = "object", ["required"] = new JsonArray(required), ["additionalProperties"] = false, ["properties"] = properties },
    };

    private static JsonObject Word(IReadOnlyList<string> choices) => new() { ["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]) };
}
