using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Contracts.Specifications;

/// <summary>Checks JSON against the schema of the run specification. Pure.</summary>
public static class SpecificationValidator
{
    /// <summary>All that is wrong with a run specification: unknown keys, wrong types, impossible values, and what must hold between keys. Keys that are missing have their defaults.</summary>
    public static IReadOnlyList<SpecificationProblem> Validate(JsonObject specification)
    {
        var problems = new List<SpecificationProblem>();
        var normal = Normalise(SpecificationSchema.Root, specification, "", problems);
        return problems.Count > 0 ? problems : SpecificationRules.Check(Read(normal!.AsObject()));
    }

    /// <summary>A specification that has been through <see cref="Normalise"/>.</summary>
    public static RunSpecification Read(JsonObject normalised) => normalised.Deserialize<RunSpecification>(ContractJson.Options)!;

    /// <summary>Checks a value of a key by itself, and writes it in one way: whole numbers as such, also when they came as 1e3.</summary>
    /// <param name="key">What the value is for.</param>
    /// <param name="value">The value; for a section, an object with any of its keys.</param>
    /// <param name="path">What to call the value in problems.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>A new node; null when there was a problem.</returns>
    public static JsonNode? Normalise(SpecificationKey key, JsonNode? value, string path, ICollection<SpecificationProblem> problems) => key.Kind switch
    {
        KeyKind.Section => NormaliseSection(key, value, path, problems),
        KeyKind.List => NormaliseList(key, value, path, problems),
        _ => NormaliseScalar(key, key.Kind, value, path, problems),
    };

    private static JsonObject? NormaliseSection(SpecificationKey section, JsonNode? value, string path, ICollection<SpecificationProblem> problems)
    {
        if (value is not JsonObject members)
        {
            problems.Add(new(path, $"{Named(section)} holds keys; write them below it: {string.Join(", ", section.Keys.Select(key => key.Name))}."));
            return null;
        }

        var normal = new JsonObject();
        var before = problems.Count;
        foreach (var (name, member) in members)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (section.Find(name) is { } key)
            {
                if (Normalise(key, member, at, problems) is { } good)
                {
                    normal[name] = good;
                }
            }
            else
            {
                problems.Add(UnknownKey(section, name, at));
            }
        }

        return problems.Count == before ? normal : null;
    }

    private static SpecificationProblem UnknownKey(SpecificationKey section, string name, string at)
    {
        var closest = ClosestWord.Find(name, section.Keys.Select(key => key.Name));
        if (closest is null && ReferenceEquals(section, SpecificationSchema.Find(section.Path)))
        {
            closest = SpecificationSchema.Closest(section.Path.Length == 0 ? name : $"{section.Path}.{name}");
        }

        var hint = closest is null ? $"{Named(section)} has {string.Join(", ", section.Keys.Select(key => key.Name))}." : $"Did you mean {closest}?";
        return new(at, $"Unknown key '{Shorten(name)}'. {hint}", closest, AtKey: true);
    }

    private static JsonArray? NormaliseList(SpecificationKey list, JsonNode? value, string path, ICollection<SpecificationProblem> problems)
    {
        if (value is not JsonArray items)
        {
            problems.Add(new(path, $"{Named(list)} is a list: write [{Example(list)}]."));
            return null;
        }

        if (items.Count < list.MinimumItems || items.Count > list.MaximumLength)
        {
            problems.Add(new(path, list.MinimumItems == 0
                ? $"{Named(list)} has {items.Count} items; at most {list.MaximumLength} are possible."
                : $"{Named(list)} has {items.Count} items; it needs {list.MinimumItems} to {list.MaximumLength}."));
            return null;
        }

        var normal = new JsonArray();
        var before = problems.Count;
        for (var index = 0; index < items.Count; index++)
        {
            normal.Add(NormaliseScalar(list, list.ItemKind!.Value, items[index], $"{path}[{index}]", problems));
        }

        return problems.Count == before ? normal : null;
    }

    private static JsonValue? NormaliseScalar(SpecificationKey key, KeyKind kind, JsonNode? value, string path, ICollection<SpecificationProblem> problems)
    {
        switch (kind, value?.GetValueKind())
        {
            case (KeyKind.Boolean, JsonValueKind.True):
                return JsonValue.Create(true);
            case (KeyKind.Boolean, JsonValueKind.False):
                return JsonValue.Create(false);
            case (KeyKind.Text, JsonValueKind.String):
                return NormaliseText(key, value!.GetValue<string>(), path, problems);
            case (KeyKind.Text, JsonValueKind.Number) when key.TakesNumbers && value!.ToJsonString() is var digits && digits.All(char.IsAsciiDigit):
                return NormaliseText(key, digits, path, problems);
            case (KeyKind.Choice, JsonValueKind.String):
                return NormaliseChoice(key, value!.GetValue<string>(), path, problems);
            case (KeyKind.WholeNumber or KeyKind.Number, JsonValueKind.Number):
                return NormaliseNumber(key, kind, value!.ToJsonString(), path, problems);
            default:
                problems.Add(new(path, $"{Named(key)} {(key.Kind == KeyKind.List ? "holds" : "is")} {Kind(key, kind)}, not {Found(value)}."));
                return null;
        }
    }

    private static JsonValue? NormaliseText(SpecificationKey key, string text, string path, ICollection<SpecificationProblem> problems)
    {
        if (text.Length == 0 || text.Length > key.MaximumLength || text.Any(char.IsControl))
        {
            problems.Add(new(path, $"{Named(key)} is a text of 1 to {key.MaximumLength} characters without control characters."));
            return null;
        }

        return JsonValue.Create(text);
    }

    private static JsonValue? NormaliseChoice(SpecificationKey key, string word, string path, ICollection<SpecificationProblem> problems)
    {
        if (key.Choices.Contains(word))
        {
            return JsonValue.Create(word);
        }

        var closest = ClosestWord.Find(word, key.Choices);
        var hint = closest is null ? "" : $" Did you mean {closest}?";
        problems.Add(new(path, $"{Named(key)} cannot be '{Shorten(word)}': it is {Either(key.Choices)}.{hint}", closest));
        return null;
    }

    private static JsonValue? NormaliseNumber(SpecificationKey key, KeyKind kind, string text, string path, ICollection<SpecificationProblem> problems)
    {
        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (kind == KeyKind.WholeNumber && Math.Abs(number) < 1e15 && number != Math.Floor(number))
        {
            problems.Add(new(path, $"{Named(key)} {(key.Kind == KeyKind.List ? "holds whole numbers" : "is a whole number")}; {text} is not one."));
            return null;
        }

        if (!double.IsFinite(number) || number < key.Minimum || number > key.Maximum)
        {
            problems.Add(new(path, $"{Named(key)} must be {Range(key)}; {Shorten(text)} is not."));
            return null;
        }

        return kind == KeyKind.WholeNumber ? JsonValue.Create((int)number) : JsonValue.Create(number);
    }

    private static string Range(SpecificationKey key)
    {
        static string Text(double bound) => bound.ToString(bound == Math.Floor(bound) ? "#,0" : Math.Abs(bound) < 1e-3 ? "0.########e-0" : "R", CultureInfo.InvariantCulture);
        return (double.IsFinite(key.Minimum), double.IsFinite(key.Maximum)) switch
        {
            (true, true) => $"between {Text(key.Minimum)} and {Text(key.Maximum)}",
            (true, false) => $"at least {Text(key.Minimum)}",
            (false, true) => $"at most {Text(key.Maximum)}",
            _ => "a finite number",
        };
    }

    private static string Kind(SpecificationKey key, KeyKind kind) => (kind, key.Kind == KeyKind.List) switch
    {
        (KeyKind.WholeNumber, false) => "a whole number",
        (KeyKind.WholeNumber, true) => "whole numbers",
        (KeyKind.Number, false) => "a number",
        (KeyKind.Number, true) => "numbers",
        (KeyKind.Boolean, _) => "true or false",
        (KeyKind.Choice, _) => Either(key.Choices),
        _ => "a text",
    };

    private static string Found(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "empty",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "a mapping",
        JsonValueKind.String => $"the text '{Shorten(value.GetValue<string>())}'",
        JsonValueKind.Number => $"the number {Shorten(value.ToJsonString())} (quote it to make it a text)",
        _ => value.ToJsonString(),
    };

    private static string Example(SpecificationKey list) => list.Default is JsonArray { Count: > 0 } items ? string.Join(", ", items.Select(item => item!.ToString())) : list.ItemKind == KeyKind.Choice ? list.Choices[0] : "1, 2";

    private static string Named(SpecificationKey key) => key.Path.Length == 0 ? "A run specification" : key.Path;

    private static string Either(IReadOnlyList<string> words) => words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
