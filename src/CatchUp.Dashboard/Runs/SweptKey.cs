namespace CatchUp.Dashboard.Runs;

/// <summary>Dotted paths of a search space as column heads.</summary>
internal static class SweptKey
{
    /// <summary>The last part of the path, or as many parts as tell it from the others.</summary>
    public static string ShortNameOf(string key, IReadOnlyCollection<string> all)
    {
        var parts = key.Split('.');
        for (var count = 1; count < parts.Length; count++)
        {
            var name = string.Join('.', parts[^count..]);
            if (!all.Any(other => other != key && (other == name || other.EndsWith("." + name, StringComparison.Ordinal))))
            {
                return name;
            }
        }

        return key;
    }

    /// <summary>What a run has for the key. A space over a mapping (<c>objective</c>) gives runs values below it (<c>objective.order</c>).</summary>
    public static string ValueOf(IReadOnlyDictionary<string, string> parameters, string key) =>
        parameters.TryGetValue(key, out var value)
            ? value
            : string.Join(" · ", parameters.Where(parameter => parameter.Key.StartsWith(key + ".", StringComparison.Ordinal)).Select(parameter => parameter.Value));
}
