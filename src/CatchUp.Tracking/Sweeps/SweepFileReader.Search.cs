using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Search.Ledger;
using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Searches;

namespace CatchUp.Tracking.Sweeps;

internal sealed partial class SweepFileReader
{
    private const int MostObjectives = 4;

    private static readonly string[] ObjectiveKeys = ["metric", "solver", "nfe", "over", "head", "goal"];

    /// <summary>Null for a plain grid: lists of values, all of them tried to their end.</summary>
    private SweepSearch? ReadSearch(JsonObject file)
    {
        var objectives = TakeObjectives(file);
        var before = _problems.Count;
        var given = ReadSection(file, SweepFileSchema.Search);
        if (given is null && _problems.Count > before)
        {
            return null;
        }

        var search = given ?? [];
        var word = search["method"]?.GetValue<string>() ?? "grid";
        var method = JsonSerializer.Deserialize<SearchMethod>($"\"{word}\"", ContractJson.Options);
        var stopping = ReadStopping(search["stopping"] as JsonObject);
        foreach (var key in new[] { "trials", "seed" }.Where(key => method == SearchMethod.Grid && search.ContainsKey(key) && (key == "trials" || stopping is null)))
        {
            Add($"search.{key}", $"A grid makes every configuration of its space once and draws nothing: remove {key}.", atKey: true);
        }

        if (search.ContainsKey("startup") && method != SearchMethod.Tpe)
        {
            Add("search.startup", $"startup says when tpe begins to model, and {word} does not model: remove it, or search by tpe.", atKey: true);
        }

        if (method != SearchMethod.Grid && !search.ContainsKey("trials"))
        {
            Add("search", $"A search by {word} has no end of its own. Say how many configurations to try, as in search: {{ method: {word}, trials: 64 }}.");
        }

        if (method == SearchMethod.Grid && stopping is null && !file.ContainsKey("constraints") && !HasRanges(file["space"]))
        {
            foreach (var key in new[] { "failed", "objectives" }.Where(key => search.ContainsKey(key) || (key == "objectives" && objectives.Count > 0)))
            {
                Add($"search.{key}", $"A plain grid tries all its configurations whatever comes of them: remove {key}.", atKey: true);
            }

            return null;
        }

        if (file.ContainsKey("variants"))
        {
            Add("variants", "Variants are loops of a plain grid and cannot be searched. Write a sweep for each, or search over the keys they set.", atKey: true);
        }

        return new SweepSearch
        {
            Rules = new SearchRules
            {
                Method = method,
                Trials = search["trials"]?.GetValue<int>() ?? SearchRules.MostTrials,
                Seed = search["seed"]?.GetValue<int>() ?? 0,
                Tpe = search["startup"]?.GetValue<int>() is { } startUp ? new TpeOptions { StartUp = startUp } : new TpeOptions(),
                Failures = new FailurePolicy(search["failed"]?["retries"]?.GetValue<int>() ?? 0, search["failed"]?["replace"]?.GetValue<bool>() ?? true),
            },
            Stopping = stopping,
            Objectives = objectives,
        };
    }

    private static SweepStopping? ReadStopping(JsonObject? stopping) => stopping is null ? null : new SweepStopping(
        stopping["method"]?.GetValue<string>() == "hyperband",
        stopping["resource"]?.GetValue<string>() ?? Ladder.Steps,
        stopping["reduction"]?.GetValue<double>() ?? 3,
        stopping["first"]?.GetValue<int>(),
        stopping["least"]?.GetValue<int>(),
        stopping["waits"]?.GetValue<bool>() ?? false,
        stopping["spared"]?.GetValue<double>());

    /// <summary>Whether a space has anything but lists of values.</summary>
    private static bool HasRanges(JsonNode? space) => space is JsonObject keys && keys.Any(key => key.Value is JsonObject form && (Distribution.NameOf(form) is not null || form.ContainsKey("when")));

    /// <summary>A space of ranges, conditions and constraints. When it has problems, an empty one stands in for it.</summary>
    private SearchSpace ReadSearched(JsonObject file, JsonObject based)
    {
        var none = new SearchSpace(Array.Empty<Dimension>());
        var before = _problems.Count;
        var constraints = Normalise(file, SweepFileSchema.Constraints) is JsonArray texts ? texts.Select(text => text!.GetValue<string>()).ToList() : [];
        if (file["space"] is not (null or JsonObject))
        {
            Add("space", "space holds dotted keys with what they take, as in optimizer.learningRate: { logUniform: [1e-4, 1e-2] }.");
        }

        var space = new JsonObject();
        foreach (var (path, node) in file["space"] as JsonObject ?? [])
        {
            var at = $"space.{path}";
            if (path.StartsWith("base.", StringComparison.Ordinal) && SpecificationSchema.Find(path[5..]) is { } bare)
            {
                Add(at, $"Unknown key '{path}'. Did you mean {bare.Path}?", bare.Path, atKey: true);
            }
            else if (path == "evaluation" || path.StartsWith("evaluation.", StringComparison.Ordinal))
            {
                Add(at, $"A search compares what its trials measure, and {path} changes how they measure it. Write it below evaluation, the same for all.", atKey: true);
            }
            else if (!RefuseSpecial(path, at))
            {
                space[path] = node?.DeepClone();
            }
        }

        // What else is wrong must not be hidden by these, nor an empty space be found where keys were taken out.
        if (space.Count == 0 && _problems.Count > before)
        {
            return none;
        }

        var reading = SpaceReader.Read(space, constraints, SpecificationSchema.Find, _problems.Count == 0 ? Constants(based) : null);
        foreach (var problem in reading.Problems)
        {
            _problems.Add(_document.At(problem.Path, problem.Message, problem.Suggestion, problem.AtKey));
        }

        if (reading.Space is { } read)
        {
            CheckInitialRuns(file, [.. read.Dimensions]);
        }

        return reading.Space ?? none;
    }

    /// <summary>Keys that are the same in all configurations, for constraints to name.</summary>
    internal static Dictionary<string, JsonNode> Constants(JsonObject based)
    {
        var specification = JsonSerializer.SerializeToNode(SpecificationValidator.Read(based.DeepClone().AsObject()), ContractJson.Options)!;
        var constants = new Dictionary<string, JsonNode>();
        foreach (var key in SpecificationSchema.Leaves)
        {
            if (key.Path.Split('.').Aggregate((JsonNode?)specification, (node, segment) => node?[segment]) is { } value)
            {
                constants[key.Path] = value.DeepClone();
            }
        }

        return constants;
    }

    /// <summary>Reads <c>search.objectives</c>, whose items are mappings, and takes it out of the section: the rest of that has plain values.</summary>
    private List<SearchObjective> TakeObjectives(JsonObject file)
    {
        const string At = "search.objectives";
        var read = new List<SearchObjective>();
        if (file["search"] is not JsonObject search || !search.Remove("objectives", out var node))
        {
            return read;
        }

        if (node is not JsonArray { Count: > 0 and <= MostObjectives } items)
        {
            Add(At, $"objectives is a list of 1 to {MostObjectives} mappings, as in [{{ metric: fid, nfe: 4 }}, {{ metric: {SearchObjective.GpuHours} }}].");
            return read;
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (ReadObjective(items[index], $"{At}[{index}]") is not { } objective)
            {
                continue;
            }

            if (read.Exists(other => other with { Nfe = [] } == objective with { Nfe = [] } && other.Nfe.SequenceEqual(objective.Nfe)))
            {
                Add($"{At}[{index}]", "This objective is there twice. Keep one.");
            }

            read.Add(objective);
        }

        return read;
    }

    private SearchObjective? ReadObjective(JsonNode? node, string at)
    {
        if (node is not JsonObject given)
        {
            Add(at, "An objective is a mapping, as in { metric: fid, solver: euler, nfe: 4 } or { metric: fid, nfe: [1, 2, 4, 8], over: area }.");
            return null;
        }

        var before = _problems.Count;
        RefuseOthers(given, at, ObjectiveKeys);
        var metrics = SpecificationSchema.Find("evaluation.metrics")!.Choices.Append(SearchObjective.GpuHours).ToList();
        var metric = OneOf(given, "metric", at, metrics) ?? metrics[0];
        var goal = OneOf(given, "goal", at, ["minimize", "maximize"]) ?? (metric != SearchObjective.GpuHours && MetricLabel.LargerIsBetter(metric) ? "maximize" : "minimize");
        if (metric == SearchObjective.GpuHours)
        {
            foreach (var key in new[] { "solver", "nfe", "over", "head" }.Where(given.ContainsKey))
            {
                Add($"{at}.{key}", $"{SearchObjective.GpuHours} are those of the whole trial: remove {key}.", atKey: true);
            }

            return _problems.Count > before ? null : new SearchObjective { Measure = SearchMeasure.GpuHours, Metric = metric, Goal = goal == "maximize" ? Goal.Maximize : Goal.Minimize };
        }

        var solver = OneOf(given, "solver", at, SpecificationSchema.Find("evaluation.solvers")!.Choices);
        var over = OneOf(given, "over", at, ["area", "best"]);
        var nfe = ReadNumbers(given, "nfe", at, over is null ? "an objective at a point has one NFE, as in nfe: 4; for several say what is made of them: over: area or over: best" : "write the NFEs as a list, as in [1, 2, 4, 8]", over is not null);
        var head = given.ContainsKey("head") ? ReadNumbers(given, "head", at, "a head is 1, 2 or 3", several: false) : [1];
        if (!given.ContainsKey("nfe"))
        {
            Add(at, "An objective needs nfe: the number of network evaluations at which it is measured, as in nfe: 4.");
        }

        return _problems.Count > before ? null : new SearchObjective
        {
            Measure = over switch { "area" => SearchMeasure.Area, "best" => SearchMeasure.Best, _ => SearchMeasure.Point },
            Metric = metric,
            Solver = solver is null ? null : JsonSerializer.Deserialize<SolverKind>($"\"{solver}\"", ContractJson.Options),
            Nfe = nfe,
            Head = head[0],
            Goal = goal == "maximize" ? Goal.Maximize : Goal.Minimize,
        };
    }

    private string? OneOf(JsonObject given, string name, string at, IReadOnlyList<string> words)
    {
        if (!given.ContainsKey(name))
        {
            return null;
        }

        if (Text(given, name) is { } word && words.Contains(word))
        {
            return word;
        }

        var closest = Text(given, name) is { } near ? ClosestWord.Find(near, words) : null;
        Add($"{at}.{name}", $"{name} is {string.Join(", ", words.SkipLast(1))} or {words[^1]}.{(closest is null ? "" : $" Did you mean {closest}?")}", closest);
        return null;
    }

    private List<int> ReadNumbers(JsonObject given, string name, string at, string expected, bool several)
    {
        var most = name == "head" ? 3 : (int)SpecificationSchema.Find("evaluation.nfe")!.Maximum;
        var items = given[name] is JsonArray list && several ? [.. list] : new List<JsonNode?> { given[name] };
        var numbers = items.Select(item => item is JsonValue && int.TryParse(item.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : 0).ToList();
        if (given.ContainsKey(name) && (numbers.Count == 0 || numbers.Contains(0) || numbers.Distinct().Count() != numbers.Count))
        {
            Add($"{at}.{name}", $"This takes {(several ? "different whole numbers" : "a whole number")} from 1 to {most:N0}: {expected}.");
            return [1];
        }

        return numbers;
    }
}
