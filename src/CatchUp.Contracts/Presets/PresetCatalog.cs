using System.Text.Json.Nodes;

namespace CatchUp.Contracts.Presets;

/// <summary>The presets that ship with the product: one JSON file each beside this class, from the cheapest to train to the dearest.</summary>
public static class PresetCatalog
{
    private static readonly string[] Names = ["fashion-tiny", "mnist", "cifar10", "imagenet64"];

    private static readonly Lazy<IReadOnlyList<Preset>> Loaded = new(Load);

    public static IReadOnlyList<Preset> All => Loaded.Value;

    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static Preset[] Load()
    {
        var assembly = typeof(PresetCatalog).Assembly;
        return [.. Names.Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream($"presets/{name}.json")!;
            var file = JsonNode.Parse(stream)!.AsObject();
            var specification = file["specification"]!.DeepClone().AsObject();
            return new Preset(name, file["title"]!.GetValue<string>(), file["description"]!.GetValue<string>(), file["cost"]!.GetValue<string>(), specification);
        })];
    }
}
