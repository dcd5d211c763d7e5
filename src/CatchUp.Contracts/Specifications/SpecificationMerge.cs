using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;

namespace CatchUp.Contracts.Specifications;

/// <summary>Builds specifications from a preset and what differs from it.</summary>
public static class SpecificationMerge
{
    /// <summary>The preset's specification with the changes on top; both must be valid.</summary>
    public static RunSpecification FromPreset(Preset preset, JsonObject? changes = null)
    {
        var merged = preset.Specification.DeepClone().AsObject();
        merged["preset"] = preset.Name;
        if (changes is not null)
        {
            Apply(merged, changes);
        }

        return SpecificationValidator.Read(merged);
    }

    /// <summary>Writes the changes into the target: sections key by key, everything else (lists too) as a whole.</summary>
    public static void Apply(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject section && target[name] is JsonObject existing)
            {
                Apply(existing, section);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>Writes one value at a dotted path; a section is merged, and so is the whole specification at the empty path.</summary>
    public static void Apply(JsonObject target, string path, JsonNode value)
    {
        if (path.Length == 0)
        {
            Apply(target, value.AsObject());
            return;
        }

        var segments = path.Split('.');
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            value = new JsonObject { [segments[index]] = value.Parent is null ? value : value.DeepClone() };
        }

        Apply(target, value.AsObject());
    }
}
