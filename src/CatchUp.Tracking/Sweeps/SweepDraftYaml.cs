using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>A draft as a sweep file, and back.</summary>
internal static class SweepDraftYaml
{
    public static string Write(SweepDraft draft)
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"name: {YamlText.Scalar(draft.Name)}\n");
        WriteText(yaml, "project", draft.Project);
        WriteText(yaml, "owner", draft.Owner);
        if (draft.Preset.Length > 0 || draft.Overrides.Count > 0)
        {
            yaml.Append("base:\n");
            if (draft.Preset.Length > 0)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"  preset: {YamlText.Scalar(draft.Preset)}\n");
            }

            WriteTree(yaml, "  ", "", draft.Overrides, SpecificationSchema.Find);
        }

        if (draft.Space.Count > 0)
        {
            yaml.Append("space:\n");
            foreach (var row in draft.Space)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"  {YamlText.Scalar(row.Path)}: {Values(row)}\n");
            }
        }

        if (draft.Constraints.Count > 0)
        {
            yaml.Append("constraints:\n");
            foreach (var constraint in draft.Constraints)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"  - {YamlText.Scalar(constraint)}\n");
            }
        }

        WriteSearch(yaml, draft);

        WriteValue(yaml, "replicates", draft.Replicates, SweepFileSchema.Replicates);
        WriteSection(yaml, SweepFileSchema.Objective, draft.Objective);
        WriteSection(yaml, SweepFileSchema.Evaluation, draft.Evaluation);
        WriteSchedule(yaml, draft);
        WriteSection(yaml, SweepFileSchema.Retention, draft.Retention);
        return yaml.ToString();
    }

    public static SweepDraftReading Read(string text)
    {
        var document = SweepDocument.Parse(text);
        if (document.Problem is { } unreadable)
        {
            return new(null, [unreadable]);
        }

        if (document.Root is not JsonObject file)
        {
            return new(null, [new("", "A sweep file is a mapping. Begin with name: and base:.", 1, 1)]);
        }

        var problems = new List<SweepProblem>();
        problems.AddRange(file.Where(member => member.Key == "variants" || !SweepFileSchema.Keys.Contains(member.Key)).Select(member => document.At(member.Key, member.Key == "variants" ? "The form has no place for variants. Edit them here." : $"The form has no place for '{member.Key}'. Mend it here first.", atKey: true)));
        var given = Section(file, "base");
        var search = Section(file, "search");
        var schedule = Section(file, "schedule");
        problems.AddRange((search ?? []).Where(member => SweepFileSchema.Search.Find(member.Key) is null).Select(member => document.At($"search.{member.Key}", $"The form has no place for search.{member.Key}. Edit it here.", atKey: true)));
        if (file.TryGetPropertyValue("constraints", out var conditions) && (conditions is not JsonArray texts || texts.Any(text => text is not JsonValue value || !value.TryGetValue<string>(out _))))
        {
            problems.Add(document.At("constraints", "constraints is a list of texts. Mend it here first."));
        }

        problems.AddRange((schedule ?? []).Where(member => SweepFileSchema.Schedule.Find(member.Key) is null).Select(member => document.At($"schedule.{member.Key}", $"The form has no place for schedule.{member.Key}. Edit it here.", atKey: true)));
        // On the one line of a field it would begin a comment.
        if (schedule?["restarts"] is JsonObject restarts && restarts["onLog"]?.ToJsonString().Contains('#', StringComparison.Ordinal) == true)
        {
            problems.Add(document.At("schedule.restarts.onLog", "The form has no place for a rule with # in it. Edit it here.", atKey: true));
        }

        if (problems.Count > 0)
        {
            return new(null, problems);
        }

        var draft = new SweepDraft
        {
            Name = Text("name"),
            Project = Text("project"),
            Owner = Text("owner"),
            Preset = given?["preset"] is { } preset ? Bare(document, "base.preset", preset) : "",
            Overrides = given is null ? [] : [.. Leaves(document, given, "base", "").Where(entry => entry.Path != "preset")],
            Space = [.. (Section(file, "space") ?? []).Select(member => new DraftEntry(member.Key, Bare(document, $"space.{member.Key}", member.Value)))],
            Constraints = [.. (conditions as JsonArray ?? []).Select(text => text!.GetValue<string>())],
            Method = search?["method"] is { } method ? Bare(document, "search.method", method) : "",
            Search = search is null ? [] : [.. Leaves(document, search, "search", "").Where(entry => entry.Path != "method")],
            Replicates = Text("replicates"),
            Objective = Rows(file, "objective"),
            Evaluation = Rows(file, "evaluation"),
            Priority = Scheduled("priority"),
            MaxParallel = Scheduled("maxParallel"),
            Window = Scheduled("window"),
            Deadline = Scheduled("deadline"),
            Requires = Rows(schedule, "requires", "schedule."),
            Restarts = Rows(schedule, "restarts", "schedule."),
            Retention = Rows(file, "retention"),
        };
        return problems.Count > 0 ? new(null, problems) : new(draft, []);

        string Text(string key) => file[key] is { } value ? Bare(document, key, value) : "";

        string Scheduled(string key) => schedule?[key] is { } value ? Bare(document, $"schedule.{key}", value) : "";

        IReadOnlyList<DraftEntry> Rows(JsonObject? parent, string key, string prefix = "") =>
            [.. (Section(parent ?? [], key, prefix) ?? []).Select(member => new DraftEntry(member.Key, Bare(document, $"{prefix}{key}.{member.Key}", member.Value)))];

        JsonObject? Section(JsonObject parent, string key, string prefix = "")
        {
            if (!parent.TryGetPropertyValue(key, out var value) || value is null)
            {
                return null;
            }

            if (value is not JsonObject)
            {
                problems.Add(document.At(prefix + key, $"{prefix}{key} holds keys; write them below it."));
            }

            return value as JsonObject;
        }
    }

    public static SweepDraft FromRun(RunDetails run)
    {
        var preset = PresetCatalog.Find(run.Specification.Preset);
        var start = preset is null ? new RunSpecification() : SpecificationMerge.FromPreset(preset);
        var before = Flat(start);
        // Gates are rungs of the search it came from, which one run is not.
        var differences = Flat(run.Specification)
            .Where(pair => pair.Key is not ("preset" or "evaluation.gates") && before[pair.Key] != pair.Value)
            .Select(pair => new DraftEntry(pair.Key, pair.Key == "initialRun.run" && run.Summary.ParentRunId is { } parent ? $"{parent}" : pair.Value)) // a variant's name means nothing elsewhere
            .ToList();
        const string Evaluation = "evaluation.";
        return new SweepDraft
        {
            Name = $"{run.Summary.Name} again",
            Project = run.Summary.Project,
            Preset = preset?.Name ?? "",
            Overrides = [.. differences.Where(entry => !entry.Path.StartsWith(Evaluation, StringComparison.Ordinal))],
            Evaluation = [.. differences.Where(entry => entry.Path.StartsWith(Evaluation, StringComparison.Ordinal)).Select(entry => entry with { Path = entry.Path[Evaluation.Length..] })],
        };
    }

    public static SweepDraft EvaluationOf(RunDetails run)
    {
        var flat = Flat(run.Specification);
        return new SweepDraft
        {
            Name = $"Evaluate {run.Summary.Name}",
            Project = run.Summary.Project,
            Overrides = [new("kind", "evaluate"), new("initialRun.run", $"{run.Summary.Id}"), .. run.Specification.Samples.NoiseBank == new SampleSpecification().NoiseBank ? [] : new[] { new DraftEntry("samples.noiseBank", flat["samples.noiseBank"]) }],
            Evaluation = [.. new[] { "solvers", "nfe", "heads", "metrics", "samples", "extractor" }.Select(name => new DraftEntry(name, flat[$"evaluation.{name}"]))],
        };
    }

    private static Dictionary<string, string> Flat(RunSpecification specification)
    {
        var json = JsonSerializer.SerializeToNode(specification, ContractJson.Options)!;
        return SpecificationSchema.Leaves.ToDictionary(key => key.Path, key => ValueText.Of(key.Path.Split('.').Aggregate(json, (node, segment) => node[segment]!)));
    }

    /// <summary>What a form shows of a value: texts without quotes, lists without brackets.</summary>
    private static string Bare(SweepDocument document, string path, JsonNode? value) => value switch
    {
        JsonArray items => document.FlowItems(path, items),
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => text,
        _ => document.FlowText(path, value),
    };

    private static IEnumerable<DraftEntry> Leaves(SweepDocument document, JsonObject section, string path, string prefix) =>
        section.SelectMany(member => member.Value is JsonObject { Count: > 0 } inner
            ? Leaves(document, inner, $"{path}.{member.Key}", $"{prefix}{member.Key}.")
            : [new DraftEntry(prefix + member.Key, Bare(document, $"{path}.{member.Key}", member.Value))]);

    private static void WriteText(StringBuilder yaml, string key, string text)
    {
        if (text.Length > 0)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"{key}: {YamlText.Scalar(text)}\n");
        }
    }

    private static void WriteValue(StringBuilder yaml, string name, string text, SpecificationKey? key)
    {
        if (text.Length > 0)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"{name}: {Value(key, text)}\n");
        }
    }

    private static void WriteSearch(StringBuilder yaml, SweepDraft draft)
    {
        if (draft.Search.Count == 0)
        {
            yaml.Append(draft.Method.Length == 0 ? "" : $"search: {{ method: {YamlText.Scalar(draft.Method)} }}\n");
            return;
        }

        yaml.Append("search:\n");
        if (draft.Method.Length > 0)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  method: {YamlText.Scalar(draft.Method)}\n");
        }

        WriteTree(yaml, "  ", "", draft.Search, path => path.Split('.').Aggregate((SpecificationKey?)SweepFileSchema.Search, (key, name) => key?.Find(name)));
    }

    private static void WriteSchedule(StringBuilder yaml, SweepDraft draft)
    {
        IReadOnlyList<DraftEntry> plain =
            [.. new DraftEntry[] { new("priority", draft.Priority), new("maxParallel", draft.MaxParallel), new("window", draft.Window), new("deadline", draft.Deadline) }.Where(entry => entry.Text.Length > 0)];
        var schedule = SweepFileSchema.Schedule;
        if (plain.Count == 0 && draft.Requires.Count + draft.Restarts.Count > 0)
        {
            yaml.Append("schedule:\n");
        }

        WriteSection(yaml, schedule, plain);
        WriteSection(yaml, schedule.Find("requires")!, draft.Requires, "  ");
        WriteSection(yaml, schedule.Find("restarts")!, draft.Restarts, "  ");
    }

    private static void WriteSection(StringBuilder yaml, SpecificationKey section, IReadOnlyList<DraftEntry> rows, string indent = "")
    {
        if (rows.Count == 0)
        {
            return;
        }

        yaml.Append(CultureInfo.InvariantCulture, $"{indent}{section.Name}:\n");
        foreach (var row in rows)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"{indent}  {YamlText.Scalar(row.Path)}: {Value(section.Find(row.Path), row.Text)}\n");
        }
    }

    /// <summary>Rows of dotted paths as nested keys. A row said twice is written twice, for the check to find.</summary>
    private static void WriteTree(StringBuilder yaml, string indent, string prefix, IReadOnlyList<DraftEntry> rows, Func<string, SpecificationKey?> find)
    {
        var written = new HashSet<string>();
        foreach (var row in rows)
        {
            var rest = row.Path[prefix.Length..];
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"{indent}{YamlText.Scalar(rest)}: {Value(find(row.Path), row.Text)}\n");
                continue;
            }

            var section = row.Path[..(prefix.Length + dot + 1)];
            if (written.Add(section))
            {
                yaml.Append(CultureInfo.InvariantCulture, $"{indent}{YamlText.Scalar(rest[..dot])}:\n");
                WriteTree(yaml, indent + "  ", section, [.. rows.Where(other => other.Path.StartsWith(section, StringComparison.Ordinal))], find);
            }
        }
    }

    /// <summary>What was typed for a key, as its kind wants it; what cannot be that stays text, so that the check can say so.</summary>
    private static string Value(SpecificationKey? key, string text) => key?.Kind switch
    {
        KeyKind.Text or KeyKind.Choice => YamlText.Scalar(text),
        // "1, 2" is a list that lacks its brackets, and nothing by itself.
        _ when Flow(text) is var (document, node) && (key?.Kind != KeyKind.List || node is JsonArray) => document.FlowText("", node),
        KeyKind.List => Bracketed(text) ?? YamlText.Quoted(text),
        _ => YamlText.Quoted(text),
    };

    /// <summary>The values of a row of the space. They are listed without brackets; if they were typed with them, it makes no difference, unless each value is a list itself.</summary>
    private static string Values(DraftEntry row)
    {
        var typed = Flow(row.Text);
        var asTyped = typed?.Node switch
        {
            JsonArray => SpecificationSchema.Find(row.Path)?.Kind != KeyKind.List,
            var node => Distribution.NameOf(node) is not null,
        };
        return asTyped ? typed!.Value.Document.FlowText("", typed.Value.Node) : Bracketed(row.Text) ?? YamlText.Quoted(row.Text);
    }

    /// <summary>Items typed without brackets as a list; null when they are not.</summary>
    private static string? Bracketed(string text) => Flow($"[{text}]") is var (list, node) && node is JsonArray ? list.FlowText("", node) : null;

    /// <summary>Text that is one YAML value on one line. A comment, a second value or an unclosed bracket make it something else.</summary>
    private static (SweepDocument Document, JsonNode? Node)? Flow(string text)
    {
        if (text.AsSpan().ContainsAny('\n', '\r', '#') || text.StartsWith("---", StringComparison.Ordinal))
        {
            return null;
        }

        var document = SweepDocument.Parse(text.Trim());
        return document.Problem is null ? (document, document.Root) : null;
    }
}
