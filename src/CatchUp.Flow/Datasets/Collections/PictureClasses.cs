using System.Text.Json;

namespace CatchUp.Flow.Datasets.Collections;

/// <summary>
/// The class of each picture of a collection. A file dataset.json beside the pictures decides, if it names any:
/// <c>{ "labels": [["00000/img00000000.png", 3], …] }</c>, the form of EDM's and StyleGAN's archives. Otherwise every folder that
/// holds pictures is a class, numbered in the order of the folders' names; pictures of a single folder have no classes.
/// </summary>
internal static class PictureClasses
{
    /// <summary>A network for more classes than this cannot be meant.</summary>
    private const long MostClasses = 1_000_000;

    /// <returns>A class for each picture; null when they have none.</returns>
    /// <exception cref="InvalidDataException">dataset.json cannot be read, or leaves pictures out.</exception>
    public static long[]? Of(PictureCollection collection) =>
        (collection.Labels is { } file ? FromFile(collection, file) : null) ?? FromFolders(collection.Pictures);

    private static long[]? FromFile(PictureCollection collection, CollectedFile file)
    {
        try
        {
            using var json = JsonDocument.Parse(collection.ReadLabels(file));
            if (!json.RootElement.TryGetProperty("labels", out var list) || list.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            var labels = list.EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetInt64(), StringComparer.Ordinal);
            return [.. collection.Pictures.Select(picture => labels.TryGetValue(picture.Name, out var label) && label is >= 0 and < MostClasses
                ? label
                : throw new InvalidDataException($"{file.Name} gives {picture.Name} no class from 0."))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{file.Name} is not of the form {{ \"labels\": [[name, class], …] }}: {error.Message}", error);
        }
    }

    private static long[]? FromFolders(IReadOnlyList<CollectedFile> pictures)
    {
        var folders = pictures.Select(FolderOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var numbers = folders.Index().ToDictionary(folder => folder.Item, folder => (long)folder.Index, StringComparer.Ordinal);
        return folders.Count > 1 ? [.. pictures.Select(picture => numbers[FolderOf(picture)])] : null;
    }

    private static string FolderOf(CollectedFile picture) => picture.Name[..(picture.Name.LastIndexOf('/') + 1)];
}
