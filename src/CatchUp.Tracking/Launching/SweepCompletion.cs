using System.Globalization;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>
/// Completes a sweep file while it is typed and does not parse. It goes by indentation and by the brackets of the line alone, so a mapping in brackets that
/// goes over several lines is not followed.
/// </summary>
public static class SweepCompletion
{
    private const int MostItems = 60, LongestLine = 2000;

    private static readonly SpecificationKey Variant = new() { Path = "", Name = "", Kind = KeyKind.Section, Keys = [new() { Path = "name", Name = "name", Kind = KeyKind.Text, Description = "What the variant is called." }, .. SpecificationSchema.Root.Keys] };

    private static readonly SpecificationKey Rule = Mapping("match", "A regular expression that a line of the log has to contain.", ("action", ["exclude-worker", "retry", "fail"], "What is done then."));

    private static readonly SpecificationKey SearchObjective = new()
    {
        Path = "",
        Name = "",
        Kind = KeyKind.Section,
        Keys = [.. SweepFileSchema.Objective.Keys.Select(key => key.Name == "metric" ? key with { Choices = [.. key.Choices, "gpu-hours"] } : key), new() { Path = "over", Name = "over", Kind = KeyKind.Choice, Choices = ["area", "best"], Description = "What is made of several NFEs: the area under the curve, or the best." }],
    };

    private static readonly SpecificationKey Form = new()
    {
        Path = "",
        Name = "",
        Kind = KeyKind.Section,
        Keys = [.. Distribution.Names.Concat(Distribution.Companions).Select(form => new SpecificationKey { Path = form, Name = form, Kind = form == "log" ? KeyKind.Boolean : form == "when" ? KeyKind.Section : KeyKind.List, Description = SpaceForms.Describe(form) })],
    };

    /// <param name="above">The lines that the line stands below, the outermost first: each indented less than the next.</param>
    /// <param name="line">The line itself.</param>
    /// <param name="column">Of the caret, from 0.</param>
    public static SweepCompletions At(IReadOnlyList<string> above, string line, int column)
    {
        ArgumentNullException.ThrowIfNull(above);
        ArgumentNullException.ThrowIfNull(line);
        line = line.Length > LongestLine ? line[..LongestLine] : line;
        column = Math.Clamp(column, 0, line.Length);
        var place = new Place(SweepFileSchema.Root, "");
        foreach (var parent in above)
        {
            place = Walk(place, parent, parent.Length).Place.Inside();
        }

        var (at, key, from) = Walk(place, line, column);
        var word = line[from..column];
        var items = key is null ? Keys(at) : Values(key);

        // What is said about the word goes by the whole of it, beyond the caret.
        var end = column;
        while (key is null && end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] is '.' or '-'))
        {
            end++;
        }

        var about = key ?? at.Find(line[from..end].Trim('"', '\'')) ?? at.Key;
        var block = !line.AsSpan(0, column).ContainsAny('{', '[');
        return new SweepCompletions(
            from,
            [.. items.Where(item => item.Text.Contains(word, StringComparison.OrdinalIgnoreCase)).OrderByDescending(item => item.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Take(MostItems)
                .Select(item => key is null && at.TakesKeys ? item with { Insert = block && at.Find(item.Text)?.Kind == KeyKind.Section && !at.IsSpace ? $"{item.Insert}:" : $"{item.Insert}: " } : item)],
            about is { Path.Length: > 0 } ? about.Path : null,
            about is { Path.Length: > 0 } ? Describe(about) : "");
    }

    /// <summary>Follows a line from left to right: where its end stands, whether behind a key, and where the last word begins.</summary>
    private static (Place Place, SpecificationKey? Key, int From) Walk(Place start, string line, int end)
    {
        var place = start;
        var stack = new Stack<Place>();
        SpecificationKey? key = null;
        var from = 0;
        while (from < end && (line[from] is ' ' || (line[from] is '-' && from + 1 < line.Length && line[from + 1] is ' ')))
        {
            if (line[from] is '-')
            {
                place = place.Item();
            }

            from++;
        }

        // An item of a list of words: the list itself is what takes it.
        if (place is { IsList: true, Key: { } list })
        {
            key = list;
        }

        var keyed = place;
        var isKeyed = false;
        for (var at = from; at < end; at++)
        {
            switch (line[at])
            {
                case '#' when at == 0 || line[at - 1] == ' ':
                    return (new Place(null, ""), null, end);
                case ':' when at + 1 >= line.Length || line[at + 1] == ' ':
                    var name = line[from..at].Trim().Trim('"', '\'');
                    keyed = place.Below(name);
                    key = place.Find(name) ?? new SpecificationKey { Path = "", Name = name, Kind = KeyKind.Text };
                    isKeyed = true;
                    from = Math.Min(end, at + 2);
                    at++;
                    break;
                case '{':
                    stack.Push(place);
                    place = isKeyed ? keyed.Inside() : place.Item();
                    (key, isKeyed, from) = (null, false, at + 1);
                    break;
                case '[':
                    stack.Push(place);
                    place = isKeyed ? keyed.Inside() with { IsList = true } : place;
                    (isKeyed, from) = (false, at + 1);
                    break;
                case ',':
                    key = place is { IsList: true, Key: { } items } ? items : null;
                    (isKeyed, from) = (false, at + 1);
                    break;
                case '}' or ']' when stack.Count > 0:
                    place = stack.Pop();
                    (key, isKeyed, from) = (null, false, at + 1);
                    break;
            }
        }

        while (from < end && line[from] == ' ')
        {
            from++;
        }

        return (isKeyed ? keyed : place, key, from);
    }

    private static IEnumerable<CompletionItem> Keys(Place place)
    {
        if (place.IsSpace)
        {
            return SpecificationSchema.All.Where(key => key.Path is not ("seed" or "preset" or "kind" or "initialRun") && !key.Path.StartsWith("evaluation", StringComparison.Ordinal)).Select(key => new CompletionItem(key.Path, key.Path, Describe(key)));
        }

        return (place.Key?.Keys ?? []).Select(key => new CompletionItem(key.Name, key.Name, Describe(key)));
    }

    private static IEnumerable<CompletionItem> Values(SpecificationKey key)
    {
        if (key.Path == "preset")
        {
            return PresetCatalog.All.Select(preset => new CompletionItem(preset.Name, preset.Name, preset.Description));
        }

        if (key.Path == SweepFileSchema.Constraints.Path)
        {
            return SpecificationSchema.Leaves.Select(leaf => new CompletionItem(leaf.Path, leaf.Path, leaf.Description));
        }

        IEnumerable<string> words = key.Kind == KeyKind.Boolean ? ["true", "false"] : key.Choices;
        return words.Select(word => new CompletionItem(word, word, word == (key.Default as System.Text.Json.Nodes.JsonValue)?.ToString() ? "The default." : ""));
    }

    /// <summary>What a key means, what it takes, and what it is without being said.</summary>
    public static string Describe(SpecificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var limits = (double.IsFinite(key.Minimum), double.IsFinite(key.Maximum)) switch
        {
            _ when key.Choices.Count > 0 && key.Kind is KeyKind.Choice or KeyKind.List => key.Choices.Count > 0 ? $" One of {string.Join(", ", key.Choices)}." : "",
            (true, true) => string.Create(CultureInfo.InvariantCulture, $" {key.Minimum:#,0.#######} to {key.Maximum:#,0.#######}."),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $" At least {key.Minimum:#,0.#######}."),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $" At most {key.Maximum:#,0.#######}."),
            _ => "",
        };
        return $"{key.Description}{limits}{(key.Default is { } value ? $" Default {ValueText.Of(value)}." : "")}";
    }

    private static SpecificationKey Mapping(string first, string description, params (string Name, IReadOnlyList<string> Choices, string Description)[] others) => new()
    {
        Path = "",
        Name = "",
        Kind = KeyKind.Section,
        Keys = [new() { Path = first, Name = first, Kind = KeyKind.Text, Description = description }, .. others.Select(other => new SpecificationKey { Path = other.Name, Name = other.Name, Kind = KeyKind.Choice, Choices = other.Choices, Description = other.Description })],
    };

    /// <summary>A place in the file: the key whose inside it is.</summary>
    /// <param name="Under">The file's own path: a key of runs has another below base, and none in the space.</param>
    private sealed record Place(SpecificationKey? Key, string Under)
    {
        public bool IsList { get; init; }

        public bool IsSpace => Under == "space";

        public bool TakesKeys => IsSpace || (Key?.Kind == KeyKind.Section && !IsList);

        public SpecificationKey? Find(string name) => IsSpace ? name.Length == 0 ? null : SpecificationSchema.Find(name) : Key?.Find(name);

        public Place Below(string name) => new(Find(name), Under.Length == 0 ? name : $"{Under}.{name}");

        /// <summary>Within the value of the key: a key of the space has forms there.</summary>
        public Place Inside() => Under.StartsWith("space.", StringComparison.Ordinal) && Key is { Kind: not KeyKind.Section }
            ? Under.EndsWith(".when", StringComparison.Ordinal) ? this with { Under = "space" } : IsList ? this : new Place(Form with { Choices = Key.Choices, Path = "" }, Under)
            : Under.EndsWith(".when", StringComparison.Ordinal) && Under.StartsWith("space.", StringComparison.Ordinal) ? new Place(null, "space") : this;

        /// <summary>An item of the list that the key is.</summary>
        public Place Item() => Under switch
        {
            "variants" => new Place(Variant, "variants[]"),
            "schedule.restarts.onLog" => new Place(Rule, "rule"),
            "search.objectives" => new Place(SearchObjective, "objective[]"),
            _ => this with { IsList = Key?.Kind != KeyKind.Section },
        };
    }
}
