using System.Text.Json;

namespace CatchUp.Trainer.Environments;

/// <summary>The packages that a trainer was built with, by the list that .NET keeps beside the program.</summary>
internal static class RuntimePackages
{
    /// <returns>Name and version of each, in alphabetical order; none when the list is not there.</returns>
    public static IReadOnlyList<(string Name, string Version)> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return
            [
                .. document.RootElement.GetProperty("libraries").EnumerateObject()
                    .Where(library => library.Value.GetProperty("type").GetString() == "package")
                    .Select(library => library.Name.Split('/', 2))
                    .Where(parts => parts.Length == 2)
                    .Select(parts => (parts[0], parts[1]))
                    .OrderBy(package => package.Item1, StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }
}
