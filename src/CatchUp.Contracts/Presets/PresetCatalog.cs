using System.Text.Json.Nodes;

namespace CatchUp.Contracts.Presets;

/// <summary>The presets that ship with the product: one JSON file each beside this class.</summary>
public static class PresetCatalog
{
    private static readonly Lazy<IReadOnlyList<Preset>> Loaded = new(Load);

    public static IReadOnlyList<Preset> All => Loaded.Value;

    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static Preset[] Load()
    {
        var assembly = typeof(PresetCatalog).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("presets/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var file = JsonNode.Parse(stream)!.AsObject();
                var specification = file["specification"]!.DeepClone().AsObject();
                return new Preset(Path.GetFileNameWithoutExtension(name["presets/".Length..]), file["title"]!.GetValue<string>(), file["description"]!.GetValue<string>(), specification);
            })];
    }
}
