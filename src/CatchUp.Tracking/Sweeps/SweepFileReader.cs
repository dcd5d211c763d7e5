using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads a sweep file and checks each thing it says by itself. What must hold within whole configurations is the planner's part.</summary>
internal sealed partial class SweepFileReader
{
    private const string Custom = "custom";

    private readonly SweepDocument _document;

    private readonly List<SweepProblem> _problems = [];

    private readonly IReadOnlyList<Preset> _presets;

    private SweepFileReader(SweepDocument document, IReadOnlyList<Preset> presets)
    {
        _document = document;
        _presets = presets;
    }

    public static (SweepFile? File, SweepDocument Document, List<SweepProblem> Problems) Read(string text, IReadOnlyList<Preset> presets)
    {
        var document = SweepDocument.Parse(text);
        var reader = new SweepFileReader(document, presets);
        return (reader.Read(), document, reader._problems);
    }

    private SweepFile? Read()
    {
        if (_document.Problem is { } unreadable)
        {
            _problems.Add(unreadable);
            return null;
        }

        if (_document.Root is not JsonObject file)
        {
            _problems.Add(new("", "A sweep file is a mapping. Begin with name: and base:.", 1, 1));
            return null;
        }

        foreach (var (name, _) in file.Where(member => !SweepFileSchema.Keys.Contains(member.Key)))
        {
            RefuseUnknown(name);
        }

        if (!file.ContainsKey("name"))
        {
            _problems.Add(new("name", "The sweep has no name. Add name: and a few words.", 1, 1));
        }

        var search = ReadSearch(file);
        var restarts = TakeRestarts(file);
        var schedule = ReadSection(file, SweepFileSchema.Schedule);
        var based = ReadBase(file);
        return new SweepFile
        {
            Name = ReadName(file, SweepFileSchema.Name) ?? "",
            Project = ReadName(file, SweepFileSchema.Project) ?? "default",
            Owner = ReadName(file, SweepFileSchema.Owner),
            Base = based,
            Space = search is null ? ReadDimensions(file) : ReadSearched(file, based),
            Search = search,
            Replicates = Normalise(file, SweepFileSchema.Replicates)?.GetValue<int>() ?? 1,
            Objective = ReadSection(file, SweepFileSchema.Objective),
            Priority = schedule?["priority"]?.GetValue<int>() ?? 0,
            MaxParallel = schedule?["maxParallel"]?.GetValue<int>(),
            Window = ReadWindow(schedule),
            Deadline = ReadDeadline(schedule),
            Requires = ReadRequirements(schedule?["requires"] as JsonObject),
            Restarts = restarts,
            Retention = ReadRetention(file),
        };
    }

    private ScheduleWindow? ReadWindow(JsonObject? schedule)
    {
        ScheduleWindow? window = null;
        if (schedule?["window"]?.GetValue<string>() is { } text && ScheduleWindow.TryParse(text, out window) is { } problem)
        {
            Add("schedule.window", problem);
        }

        return window;
    }

    private ScheduleDeadline? ReadDeadline(JsonObject? schedule)
    {
        ScheduleDeadline? deadline = null;
        if (schedule?["deadline"]?.GetValue<string>() is { } text && ScheduleDeadline.TryParse(text, out deadline) is { } problem)
        {
            Add("schedule.deadline", problem);
        }

        return deadline;
    }

    private SweepRequirements ReadRequirements(JsonObject? requires)
    {
        long memory = 0;
        if (requires?["memory"]?.GetValue<string>() is { } text)
        {
            memory = SweepRequirements.Bytes(text) ?? 0;
            if (memory == 0)
            {
                Add("schedule.requires.memory", $"'{text}' is no amount of memory. Write it as 20GiB or 512MB.");
            }
        }

        return new SweepRequirements
        {
            Labels = [.. (requires?["labels"] as JsonArray ?? []).Select(label => label!.GetValue<string>().Trim().ToLowerInvariant()).Where(label => label.Length > 0).Distinct().Order(StringComparer.Ordinal)],
            MemoryBytes = memory,
            Device = requires?["device"]?.GetValue<string>(),
        };
    }

    private JsonObject? ReadRetention(JsonObject file)
    {
        var retention = ReadSection(file, SweepFileSchema.Retention);
        if (retention?.ContainsKey("keep") == true && retention.Count > 1)
        {
            Add("retention.keep", "keep: all keeps everything, so last and best say nothing beside it. Keep the one or the others.", atKey: true);
        }

        return retention;
    }

    private void RefuseUnknown(string name)
    {
        if (SpecificationSchema.Find(name) is not null || SpecificationSchema.Leaves.Any(key => key.Name == name))
        {
            var path = $"base.{SpecificationSchema.Find(name)?.Path ?? SpecificationSchema.Closest(name)}";
            Add(name, $"'{name}' is a key of runs. Write it below base, as {path}, or sweep over it below space.", path, atKey: true);
            return;
        }

        var closest = ClosestWord.Find(name, SweepFileSchema.Keys) ?? (SpecificationSchema.Closest(name) is { } key ? $"base.{key}" : null);
        var hint = closest is null ? $"A sweep file has {string.Join(", ", SweepFileSchema.Keys)}." : $"Did you mean {closest}?";
        Add(name, $"Unknown key '{name}'. {hint}", closest, atKey: true);
    }

    private string? ReadName(JsonObject file, SpecificationKey key)
    {
        var name = Normalise(file, key)?.GetValue<string>().Trim();
        if (name is { Length: 0 })
        {
            Add(key.Path, $"{key.Path} is blank. Write at least one visible character.");
        }

        return name;
    }

    /// <summary>Preset, then base, then evaluation, each on top of what came before.</summary>
    private JsonObject ReadBase(JsonObject file)
    {
        var given = file.TryGetPropertyValue("base", out var node) ? Normalise(SpecificationSchema.Root, node, "base") as JsonObject : null;
        var merged = new JsonObject { ["preset"] = Custom };
        if (given?["preset"]?.GetValue<string>() is { } name && name != Custom)
        {
            if (_presets.FirstOrDefault(known => known.Name == name) is { } preset)
            {
                SpecificationMerge.Apply(merged, preset.Specification);
            }
            else
            {
                var names = _presets.Select(known => known.Name).ToList();
                var closest = ClosestWord.Find(name, names);
                Add("base.preset", $"There is no preset '{name}'. {(closest is null ? $"There are {string.Join(", ", names)}." : $"Did you mean {closest}?")}", closest);
            }
        }

        if (given is not null)
        {
            SpecificationMerge.Apply(merged, given);
        }

        if (file.TryGetPropertyValue("evaluation", out var evaluationNode) && Normalise(SweepFileSchema.Evaluation, evaluationNode, "evaluation") is JsonObject evaluation)
        {
            foreach (var (key, _) in evaluation.Where(member => _document.Has($"base.evaluation.{member.Key}")))
            {
                Add($"evaluation.{key}", $"base.evaluation.{key} says this already. Keep one of the two.", atKey: true);
            }

            SpecificationMerge.Apply(merged, new JsonObject { ["evaluation"] = evaluation.DeepClone() });
        }

        return merged;
    }

    /// <summary>The variants, then the space: loops within each variant.</summary>
    private SearchSpace ReadDimensions(JsonObject file)
    {
        var dimensions = ReadSpace(file);
        if (ReadVariants(file) is { } variants)
        {
            dimensions.Insert(0, variants);
        }

        foreach (var shared in dimensions.SelectMany(dimension => dimension.Keys.Select(key => (key, At: dimension.Path.Length == 0 ? "variants" : $"space.{dimension.Path}"))).GroupBy(pair => pair.key).Where(group => group.Count() > 1))
        {
            Add(shared.Last().At, $"{shared.Key} is set by {string.Join(" and by ", shared.Select(pair => pair.At))}. Sweep over a key once.", atKey: true);
        }

        CheckInitialRuns(file, dimensions);
        return new SearchSpace(dimensions);
    }

    private Dimension? ReadVariants(JsonObject file)
    {
        if (!file.TryGetPropertyValue("variants", out var node))
        {
            return null;
        }

        if (node is not JsonArray { Count: > 0 and <= SweepFileSchema.MostVariants } items)
        {
            Add("variants", $"variants is a list of 1 to {SweepFileSchema.MostVariants} mappings, each with a name and the keys that differ from base: [{{ name: teacher, objective: {{ kind: rectified-flow }} }}].");
            return null;
        }

        var (names, values) = (new List<string>(), new List<JsonNode>());
        for (var index = 0; index < items.Count; index++)
        {
            var at = $"variants[{index}]";
            if (items[index] is not JsonObject variant)
            {
                Add(at, "A variant is a mapping with a name and the keys that differ from base.");
                continue;
            }

            var name = variant.TryGetPropertyValue("name", out var given) && given is JsonValue text && text.TryGetValue<string>(out var word) ? word : null;
            if (name is null || !VariantName().IsMatch(name) || name == InitialRunSpecification.None)
            {
                Add(given is null ? at : $"{at}.name", "A variant needs a name of 1 to 32 letters, digits, dots, hyphens and underscores that begins with a letter, and none is no name.");
            }
            else if (names.Contains(name))
            {
                Add($"{at}.name", $"Two variants are called {name}. Give each its own name.");
            }

            foreach (var (fixedKey, reason) in new[] { ("seed", "Use replicates for other seeds; base.seed is the first."), ("preset", "A variant says what differs from base: write its keys.") }.Where(key => variant.ContainsKey(key.Item1)))
            {
                Add($"{at}.{fixedKey}", $"A variant cannot set {fixedKey}. {reason}", atKey: true);
            }

            var rest = new JsonObject();
            foreach (var (key, value) in variant.Where(member => member.Key is not ("name" or "seed" or "preset")))
            {
                rest[key] = value?.DeepClone();
            }

            if (Normalise(SpecificationSchema.Root, rest, at) is { } good)
            {
                names.Add(name ?? "");
                values.Add(good);
            }
        }

        return _problems.Count == 0 ? new Dimension("", values, names) : null;
    }

    /// <summary>An initial run is an id; a variant may also name one above it.</summary>
    private void CheckInitialRuns(JsonObject file, List<Dimension> dimensions)
    {
        const string Key = "initialRun.run";
        if ((file["base"] as JsonObject)?["initialRun"] is JsonObject initial && initial["run"] is JsonValue inBase)
        {
            Check(inBase, $"base.{Key}", []);
        }

        foreach (var dimension in dimensions)
        {
            for (var index = 0; index < dimension.Values.Count; index++)
            {
                if (dimension.Parameters[index].TryGetValue(Key, out var run))
                {
                    Check(JsonValue.Create(run), dimension.Names is null ? $"space.{dimension.Path}[{index}]" : $"variants[{index}].{Key}", [.. dimension.Names?.Take(index) ?? []]);
                }
            }
        }

        void Check(JsonValue value, string at, IReadOnlyList<string> above)
        {
            if (value.TryGetValue<string>(out var run) && run != InitialRunSpecification.None && new InitialRunSpecification { Run = run }.Id() is null or 0 && !above.Contains(run))
            {
                var closest = ClosestWord.Find(run, above);
                Add(at, above.Count > 0
                    ? $"'{run}' is neither the id of a run nor a variant above this one. {(closest is null ? $"Above are {string.Join(", ", above)}." : $"Did you mean {closest}?")}"
                    : $"'{run}' is not the id of a run, which is a whole number. Only a variant can name a variant, and one above it.", closest);
            }
        }
    }

    private List<Dimension> ReadSpace(JsonObject file)
    {
        if (!file.TryGetPropertyValue("space", out var node))
        {
            return [];
        }

        if (node is not JsonObject { Count: > 0 } space)
        {
            Add("space", node is null or JsonObject
                ? "The space is empty. Name at least one key with the values to try, as in objective.order: [rk12, rk23]; or leave space out for a single configuration."
                : "space holds dotted keys with lists of values, as in objective.order: [rk12, rk23].");
            return [];
        }

        var dimensions = new List<Dimension>();
        foreach (var (path, values) in space)
        {
            if (ReadDimension(path, values) is { } dimension)
            {
                dimensions.Add(dimension);
            }
        }

        return dimensions;
    }

    private Dimension? ReadDimension(string path, JsonNode? node)
    {
        var at = $"space.{path}";
        var before = _problems.Count;
        if (RefuseSpecial(path, at))
        {
            return null;
        }

        if (path.Length == 0 || SpecificationSchema.Find(path) is not { } key)
        {
            var closest = path.StartsWith("base.", StringComparison.Ordinal) && SpecificationSchema.Find(path[5..]) is { } bare ? bare.Path : SpecificationSchema.Closest(path);
            Add(at, $"Unknown key '{path}'. {(closest is null ? "Name a key of the run specification, as in objective.order." : $"Did you mean {closest}?")}", closest, atKey: true);
            return null;
        }

        var distribution = (node as JsonArray)?.Select(Distribution.NameOf).FirstOrDefault(name => name is not null);
        if (distribution is not null && key.Kind != KeyKind.Section)
        {
            Add(at, $"{distribution} is a range and cannot be one of a list. Write {{ {distribution}: … }} without the list, or list the values to try, as in [{Example(key)}].");
            return null;
        }

        if (node is not JsonArray items)
        {
            Add(at, $"Below space each key has a list of values to try: [{(node is JsonValue ? _document.FlowText(at, node) : Example(key))}]. A key with one value belongs below base.");
            return null;
        }

        if (items.Count == 0)
        {
            Add(at, $"{path} has no values to try, so there would be no runs. Add values or remove the key.");
            return null;
        }

        if (key.Kind == KeyKind.List && !items.Any(item => item is JsonArray))
        {
            Add(at, $"{path} is a list itself, so each value to try is a list: [[{_document.FlowItems(at, items)}]] tries that one.");
            return null;
        }

        var values = new List<JsonNode>();
        var seen = new Dictionary<string, int>();
        for (var index = 0; index < items.Count; index++)
        {
            var place = $"{at}[{index}]";
            if (Normalise(key, items[index], place) is not { } value)
            {
                continue;
            }

            if (value is JsonObject { Count: 0 })
            {
                Add(place, "This value sets nothing. Name at least one key in it.");
            }
            else if (!seen.TryAdd(Canonical(path, value), index))
            {
                Add(place, "This value is there twice. Keep one; for more runs of the same configuration use replicates.");
            }

            values.Add(value);
        }

        return _problems.Count == before ? new Dimension(path, values) : null;
    }

    /// <summary>Keys of the run specification that are no dimension.</summary>
    private bool RefuseSpecial(string path, string at)
    {
        switch (path)
        {
            case "seed":
                Add(at, "The seed is not a dimension to search over. Use replicates: 3 for the same configuration with three seeds; base.seed is the first.", "replicates", atKey: true);
                return true;
            case "kind" or "initialRun":
                Add(at, $"{path} cannot be swept over by itself: write variants, each with a name and the keys that go together.", "variants", atKey: true);
                return true;
            case "preset":
                Add(at, "A preset cannot be swept over: write a sweep for each preset.", atKey: true);
                return true;
            default:
                return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,31}$")]
    private static partial Regex VariantName();

    private JsonObject? ReadSection(JsonObject file, SpecificationKey section) => Normalise(file, section) as JsonObject;

    private JsonNode? Normalise(JsonObject file, SpecificationKey key) => file.TryGetPropertyValue(key.Path, out var value) ? Normalise(key, value, key.Path) : null;

    private JsonNode? Normalise(SpecificationKey key, JsonNode? value, string path)
    {
        var problems = new List<SpecificationProblem>();
        var normal = SpecificationValidator.Normalise(key, value, path, problems);
        _problems.AddRange(problems.Select(problem => _document.At(problem.Path, problem.Message, problem.Suggestion, problem.AtKey)));
        return normal;
    }

    private void Add(string path, string message, string? suggestion = null, bool atKey = false) => _problems.Add(_document.At(path, message, suggestion, atKey));

    private static string Canonical(string path, JsonNode value) =>
        value is JsonObject ? string.Join('\n', ValueText.Flatten(path, value).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")) : value.ToJsonString();

    private static string Example(SpecificationKey key) => key.Kind switch
    {
        KeyKind.Choice => string.Join(", ", key.Choices.Take(2)),
        KeyKind.Boolean => "true, false",
        KeyKind.Section => "{…}, {…}",
        KeyKind.List => "[1, 2], [1, 2, 4]",
        _ => $"{ValueText.Of(key.Default)}, …",
    };
}
