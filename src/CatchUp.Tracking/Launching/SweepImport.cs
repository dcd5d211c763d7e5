using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Import;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>Makes a draft of a search that was written for another program. What could not be kept is said, and stays in the file as comments.</summary>
public static class SweepImport
{
    public const int MostCharacters = SweepDocument.MostBytes;

    /// <summary>Names that others have for keys of ours. They go before keys that are spelled alike: a batch size is the training's, not the evaluation's.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["lr"] = "optimizer.learningRate",
        ["learningrate"] = "optimizer.learningRate",
        ["batchsize"] = "training.batchSize",
        ["batch"] = "training.batchSize",
        ["bs"] = "training.batchSize",
        ["steps"] = "training.iterations",
        ["maxsteps"] = "training.iterations",
        ["emadecay"] = "ema.decay",
    };

    /// <param name="text">A sweep configuration of Weights &amp; Biases (YAML or JSON), or distributions as Optuna writes them (JSON).</param>
    public static ImportedSweep Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = SweepDocument.Parse(text);
        if (parsed.Problem is { } unreadable)
        {
            return new(null, "", [new("", unreadable.Line > 0 ? $"Line {unreadable.Line}: {unreadable.Message}" : unreadable.Message)]);
        }

        if (parsed.Root is not JsonObject root)
        {
            return new(null, "", [new("", "This is no mapping. Paste a sweep configuration of Weights & Biases, or distributions as Optuna writes them.")]);
        }

        var foreign = root.ContainsKey("parameters");
        var from = foreign ? "Weights & Biases" : "Optuna";
        var imported = foreign ? SpaceImport.FromWeightsAndBiases(root) : SpaceImport.FromOptuna(root);
        if (imported.Space.Count == 0)
        {
            return new(null, from, imported.NotKept);
        }

        var notes = imported.NotKept.ToList();
        var space = Rename(imported.Space, notes);
        var search = imported.Search.DeepClone().AsObject();
        var every = Rungs(search, notes);
        if (search.Count == 0)
        {
            search["method"] = "tpe";
            notes.Add(new("", "Nothing says how to search there: tpe with 32 trials was written."));
        }

        if (search["method"]?.GetValue<string>() is not (null or "grid") && !search.ContainsKey("trials"))
        {
            search["trials"] = 32;
            notes.Add(new("", "Nothing ends the search there: 32 trials were written."));
        }

        if (imported.Metric is { } metric && !SpecificationSchema.Find("evaluation.metrics")!.Choices.Contains(metric))
        {
            notes.Add(new("metric.name", $"'{metric}' is not measured here. What decides is the objective: FID unless the file says otherwise."));
        }

        var file = new JsonObject { ["name"] = string.IsNullOrWhiteSpace(imported.Name) ? $"Imported from {from}" : imported.Name, ["base"] = new JsonObject { ["preset"] = PresetCatalog.All[0].Name }, ["space"] = space, ["search"] = search };
        if (imported.Metric is { } known && SpecificationSchema.Find("evaluation.metrics")!.Choices.Contains(known))
        {
            file["objective"] = imported.Goal is { } goal ? new JsonObject { ["metric"] = known, ["goal"] = goal } : new JsonObject { ["metric"] = known };
        }

        if (every is { } steps)
        {
            file["evaluation"] = new JsonObject { ["every"] = steps };
        }

        return new(Comments(from, notes) + Lines(file), from, notes);
    }

    /// <summary>Keys that are spelled as ours, but for case and signs, or that everyone abbreviates alike; each is noted.</summary>
    private static JsonObject Rename(JsonObject space, List<SpecificationProblem> notes)
    {
        var renamed = new JsonObject();
        var names = new Dictionary<string, string>();
        foreach (var (path, _) in space.Where(member => SpecificationSchema.Find(member.Key) is null))
        {
            var plain = Plain(path);
            var alike = SpecificationSchema.Leaves.Where(key => Plain(key.Path) == plain || Plain(key.Name) == plain).ToList();
            var ours = Aliases.GetValueOrDefault(plain) ?? (alike is [var only] ? only.Path : null);
            if (ours is null || space.ContainsKey(ours) || names.ContainsValue(ours))
            {
                notes.Add(new(path, "This is no key of runs here. Rename or remove it; the plan says which is nearest."));
            }
            else
            {
                names[path] = ours;
                notes.Add(new(path, $"It became {ours}."));
            }
        }

        foreach (var (path, form) in space)
        {
            var copy = form?.DeepClone();
            if (copy is JsonObject drawn && drawn["when"] is JsonObject when)
            {
                drawn["when"] = new JsonObject(when.Select(condition => KeyValuePair.Create(names.GetValueOrDefault(condition.Key, condition.Key), condition.Value?.DeepClone())));
            }

            renamed[names.GetValueOrDefault(path, path)] = copy;
        }

        return renamed;
    }

    /// <summary>The other programs count reports of a metric, ours training steps: a first guess, which is said.</summary>
    private static long? Rungs(JsonObject search, List<SpecificationProblem> notes)
    {
        if (search["stopping"] is not JsonObject stopping || !stopping.Remove("least", out var least) || least is null)
        {
            return null;
        }

        var first = Math.Clamp(least.GetValue<long>(), 1, 100_000_000);
        stopping["first"] = first;
        notes.Add(new("early_terminate", $"It counts reports of the metric there and training steps here: the first rung lies at {first.ToString("N0", CultureInfo.InvariantCulture)} steps, with an evaluation as often. Set search.stopping.first and evaluation.every to what a run needs."));
        return first;
    }

    private static string Comments(string from, List<SpecificationProblem> notes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Imported from {from}.{(notes.Count > 0 ? " To look at:" : "")}\n");
        foreach (var note in notes)
        {
            var line = new string([.. $"{(note.Path.Length > 0 ? $"{note.Path}: " : "")}{note.Message}".Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u0085' ? ' ' : letter)]);
            text.Append(CultureInfo.InvariantCulture, $"# - {line}\n");
        }

        return text.ToString();
    }

    private static string Lines(JsonObject file)
    {
        var document = SweepDocument.Parse(file.ToJsonString());
        var text = new StringBuilder();
        foreach (var (key, value) in (JsonObject)document.Root!)
        {
            if (value is not JsonObject section)
            {
                text.Append(CultureInfo.InvariantCulture, $"{key}: {document.FlowText(key, value)}\n");
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{key}:\n");
            foreach (var (name, inner) in section)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {YamlText.Scalar(name)}: {document.FlowText($"{key}.{name}", inner)}\n");
            }
        }

        return text.ToString();
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
