using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Import;

/// <summary>
/// Reads searches of other programs: sweep configurations of Weights &amp; Biases (https://docs.wandb.ai, "Sweep configuration keys",
/// as read from their YAML), and spaces of distributions as Optuna writes them (distribution_to_json, versions 1 to 4). What has no
/// counterpart is left out and listed; nothing is guessed silently.
/// </summary>
public static class SpaceImport
{
    /// <summary>Most parameters read, those within groups counted one by one.</summary>
    public const int MostParameters = SpaceReader.MostParameters;

    private const int Deepest = 8, LongestPath = 200;

    private static readonly string[] Distributions =
    [
        "constant", "categorical", "categorical_w_probabilities", "int_uniform", "uniform", "q_uniform", "log_uniform", "log_uniform_values", "q_log_uniform", "q_log_uniform_values",
        "inv_log_uniform", "inv_log_uniform_values", "normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta",
    ];

    /// <summary>A sweep configuration of Weights &amp; Biases.</summary>
    public static ImportedSpace FromWeightsAndBiases(JsonNode? document)
    {
        var notKept = new List<SpecificationProblem>();
        var (space, search) = (new JsonObject(), new JsonObject());
        if (document is not JsonObject sweep)
        {
            notKept.Add(new("", "A sweep configuration is a mapping with method and parameters."));
            return new(space, search, null, null, null, notKept);
        }

        foreach (var (key, node) in sweep)
        {
            switch (key)
            {
                case "method":
                    ReadMethod(Text(node), search, notKept);
                    break;
                case "parameters" when node is JsonObject parameters:
                    ReadGroup(parameters, "", "parameters", 0, space, notKept);
                    break;
                case "parameters":
                    notKept.Add(new(key, "parameters is a mapping of names to what they take."));
                    break;
                case "early_terminate":
                    ReadEarlyTermination(node as JsonObject, search, notKept);
                    break;
                case "run_cap" when JsonNumber.Read(node) is { } cap and >= 1 and <= 100_000:
                    search["trials"] = (long)cap;
                    break;
                case "metric" when node is JsonObject metric:
                    foreach (var (name, _) in metric.Where(member => member.Key is not ("name" or "goal")))
                    {
                        notKept.Add(new($"metric.{name}", name == "target" ? "A sweep does not end at a target value." : "This key has no counterpart."));
                    }

                    break;
                case "name":
                    break;
                default:
                    notKept.Add(new(key, key switch
                    {
                        "program" or "command" => "What is run is decided by the run specification.",
                        "project" or "entity" or "description" => "Write it into the sweep itself: name, project, owner.",
                        _ => "This key has no counterpart.",
                    }));
                    break;
            }
        }

        if (space.Count == 0)
        {
            notKept.Add(new("parameters", "No parameter could be kept, so there is nothing to search."));
        }

        var goal = Text((sweep["metric"] as JsonObject)?["goal"]);
        if (goal is not (null or "minimize" or "maximize"))
        {
            notKept.Add(new("metric.goal", "A goal is minimize or maximize."));
            goal = null;
        }

        return new(space, search, goal, Text((sweep["metric"] as JsonObject)?["name"]), Text(sweep["name"]), notKept);
    }

    /// <summary>
    /// Distributions by name as Optuna writes them, <c>{ "lr": { "name": "FloatDistribution", "attributes": { "low": 1e-5, … } } }</c>;
    /// each may be a text of JSON, and all may lie below <c>distributions</c> or <c>search_space</c>. Lists are taken as choices.
    /// </summary>
    public static ImportedSpace FromOptuna(JsonNode? document)
    {
        var notKept = new List<SpecificationProblem>();
        var space = new JsonObject();
        var root = document as JsonObject;
        var at = new[] { "distributions", "search_space" }.FirstOrDefault(key => root?[key] is JsonObject);
        var distributions = at is null ? root : root![at] as JsonObject;
        if (distributions is null)
        {
            notKept.Add(new("", "A space is a mapping of names to distributions."));
            return new(space, [], null, null, null, notKept);
        }

        foreach (var (key, node) in at is null ? [] : root!.Where(member => member.Key != at && member.Key is not ("direction" or "study_name")))
        {
            notKept.Add(new(key, "This key has no counterpart."));
        }

        foreach (var (name, node) in distributions.Where(member => at is not null || member.Key is not ("direction" or "study_name")))
        {
            var path = at is null ? name : $"{at}.{name}";
            if (Room(space, name, path, notKept))
            {
                Keep(space, name, ReadOptuna(node, path, notKept));
            }
        }

        if (space.Count == 0)
        {
            notKept.Add(new(at ?? "", "No parameter could be kept, so there is nothing to search."));
        }

        var direction = Text(root!["direction"]);
        return new(space, [], direction is "minimize" or "maximize" ? direction : null, null, Text(root["study_name"]), notKept);
    }

    private static void ReadMethod(string? method, JsonObject search, List<SpecificationProblem> notKept)
    {
        search["method"] = method switch
        {
            "grid" => "grid",
            "bayes" => "tpe",
            _ => "random",
        };
        if (method == "bayes")
        {
            notKept.Add(new("method", "The Gaussian process of bayes has no counterpart; tpe, which models the results too, stands in its place."));
        }
        else if (method is not ("grid" or "random"))
        {
            notKept.Add(new("method", $"There is no method {method ?? "of this kind"}; random stands in its place."));
        }
    }

    private static void ReadEarlyTermination(JsonObject? node, JsonObject search, List<SpecificationProblem> notKept)
    {
        if (node is null || Text(node["type"]) is not "hyperband")
        {
            notKept.Add(new("early_terminate.type", "Only hyperband has a counterpart."));
            return;
        }

        var stopping = new JsonObject { ["method"] = "asha", ["resource"] = Ladder.Steps, ["reduction"] = JsonNumber.Read(node["eta"]) is { } eta and > 1 ? eta : 3 };
        if (JsonNumber.Read(node["min_iter"]) is { } least and >= 1)
        {
            stopping["least"] = (long)least;
        }
        else if (JsonNumber.Read(node["max_iter"]) is { } most and >= 1)
        {
            // Its first bracket ends at max_iter / eta^s.
            stopping["least"] = (long)Math.Max(1, most / Math.Pow(stopping["reduction"]!.GetValue<double>(), Math.Clamp(JsonNumber.Read(node["s"]) ?? 1, 0, 32)));
        }

        search["stopping"] = stopping;
        notKept.Add(new("early_terminate", "Its iterations are logged values of the metric, ours are training steps: check least. Rungs are those of ASHA."));
        foreach (var (key, _) in node.Where(member => member.Key is not ("type" or "eta" or "min_iter" or "max_iter" or "s")))
        {
            notKept.Add(new($"early_terminate.{key}", "This key has no counterpart."));
        }
    }

    private static void ReadGroup(JsonObject parameters, string prefix, string at, int depth, JsonObject space, List<SpecificationProblem> notKept)
    {
        foreach (var (name, node) in parameters)
        {
            var (path, place) = (prefix.Length == 0 ? name : $"{prefix}.{name}", $"{at}.{name}");
            if (node is JsonObject { } group && group["parameters"] is JsonObject inner && !group.ContainsKey("values"))
            {
                if (depth < Deepest)
                {
                    ReadGroup(inner, path, $"{place}.parameters", depth + 1, space, notKept);
                }
                else
                {
                    notKept.Add(new(place, $"Groups are nested more than {Deepest} deep."));
                }
            }
            else if (Room(space, path, place, notKept))
            {
                Keep(space, path, ReadParameter(node, place, notKept));
            }
        }
    }

    private static JsonNode? ReadParameter(JsonNode? node, string at, List<SpecificationProblem> notKept)
    {
        if (node is not JsonObject given)
        {
            notKept.Add(new(at, "A parameter is a mapping with value, values, or min and max."));
            return null;
        }

        var (least, most) = (JsonNumber.Read(given["min"]), JsonNumber.Read(given["max"]));
        var whole = IsWhole(given["min"]) && IsWhole(given["max"]);
        var distribution = Text(given["distribution"]) ?? (given.ContainsKey("value") ? "constant" : given.ContainsKey("values") ? given.ContainsKey("probabilities") ? "categorical_w_probabilities" : "categorical"
            : least is null && most is null ? null : whole ? "int_uniform" : "uniform");
        if (distribution is null || !Distributions.Contains(distribution))
        {
            var closest = distribution is null ? null : ClosestWord.Find(distribution, Distributions);
            notKept.Add(new(at, distribution is null ? "This does not say what the parameter takes." : $"There is no distribution {distribution}.{(closest is null ? "" : $" Did you mean {closest}?")}", closest));
            return null;
        }

        var step = distribution.StartsWith("q_", StringComparison.Ordinal) ? JsonNumber.Read(given["q"]) ?? 1 : (double?)null;
        switch (distribution)
        {
            case "constant":
                return given["value"] is { } value ? new JsonObject { ["fixed"] = value.DeepClone() } : Refuse(at, "A constant has a value.", notKept);
            case "categorical_w_probabilities" or "categorical":
                if (given.ContainsKey("probabilities"))
                {
                    notKept.Add(new($"{at}.probabilities", "Choices are equally likely at first."));
                }

                return Choices(given["values"] as JsonArray, at, notKept);
            case "beta" or "q_beta":
                return Refuse(at, "A beta distribution has no counterpart. Write uniform: [0, 1], or a bell within bounds.", notKept);
            case "normal" or "q_normal" or "log_normal" or "q_log_normal":
                return Bell(distribution.EndsWith("log_normal", StringComparison.Ordinal) ? "logNormal" : "normal", JsonNumber.Read(given["mu"]) ?? 0, JsonNumber.Read(given["sigma"]) ?? 1, step, at, notKept);
        }

        if (least is null || most is null)
        {
            return Refuse(at, "A range has min and max.", notKept);
        }

        if (distribution.StartsWith("inv_", StringComparison.Ordinal))
        {
            // 1/x is uniform in its logarithm exactly when x is: only what the bounds mean differs.
            notKept.Add(new(at, "The inverse logarithmic scale is the logarithmic one read backwards: logUniform has the same distribution."));
        }

        var (low, high) = (least.Value, most.Value);
        if (distribution is "log_uniform" or "q_log_uniform")
        {
            (low, high) = (Math.Exp(low), Math.Exp(high));
        }
        else if (distribution is "inv_log_uniform")
        {
            (low, high) = (Math.Exp(-high), Math.Exp(-low));
        }

        return distribution switch
        {
            "int_uniform" => new JsonObject { ["integer"] = Pair(low, high, whole: true) },
            "uniform" or "q_uniform" => Range("uniform", low, high, step, at, notKept),
            _ => Range("logUniform", low, high, step, at, notKept),
        };
    }

    private static JsonNode? ReadOptuna(JsonNode? node, string at, List<SpecificationProblem> notKept)
    {
        if (node is JsonArray list)
        {
            return Choices(list, at, notKept);
        }

        if (Text(node) is { Length: <= 100_000 } text)
        {
            try
            {
                node = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                return Refuse(at, "This text is no JSON.", notKept);
            }
        }

        var attributes = (node as JsonObject)?["attributes"] as JsonObject;
        if (attributes is null || Text(node!["name"]) is not { } name)
        {
            return Refuse(at, "A distribution is a mapping with name and attributes.", notKept);
        }

        if (name == "CategoricalDistribution")
        {
            return Choices(attributes["choices"] as JsonArray, at, notKept);
        }

        if (JsonNumber.Read(attributes["low"]) is not { } low || JsonNumber.Read(attributes["high"]) is not { } high)
        {
            return Refuse(at, $"{name} needs finite numbers low and high.", notKept);
        }

        var log = name is "LogUniformDistribution" or "IntLogUniformDistribution" || attributes["log"]?.GetValueKind() == JsonValueKind.True;
        var step = JsonNumber.Read(attributes["step"]) ?? JsonNumber.Read(attributes["q"]);
        switch (name)
        {
            case "FloatDistribution" or "UniformDistribution" or "LogUniformDistribution" or "DiscreteUniformDistribution":
                if (name == "UniformDistribution" && !log)
                {
                    step = null;
                }

                return low == high ? new JsonObject { ["fixed"] = low } : Range(log ? "logUniform" : "uniform", low, high, step, at, notKept);
            case "IntDistribution" or "IntUniformDistribution" or "IntLogUniformDistribution":
                var form = new JsonObject { ["integer"] = Pair(low, high, whole: true) };
                if (log)
                {
                    form["log"] = true;
                }

                // Of older versions, whose step beside a logarithm meant nothing.
                if (step is { } each && each != 1 && !log)
                {
                    form["step"] = each == Math.Floor(each) && each < 1L << 53 ? JsonValue.Create((long)each) : JsonValue.Create(each);
                }

                return form;
            default:
                return Refuse(at, $"{name} has no counterpart.", notKept);
        }
    }

    private static JsonNode? Choices(JsonArray? values, string at, List<SpecificationProblem> notKept)
    {
        if (values is null || values.Count is 0 or > SpaceReader.MostChoices)
        {
            return Refuse(at, $"Choices are a list of 1 to {SpaceReader.MostChoices:N0} values.", notKept);
        }

        var (kept, seen) = (new JsonArray(), new HashSet<string>());
        for (var index = 0; index < values.Count; index++)
        {
            if (values[index] is not { } value || value.GetValueKind() == JsonValueKind.Null)
            {
                notKept.Add(new($"{at}[{index}]", "Nothing is no value here: leave the key out by a condition."));
            }
            else if (seen.Add(value.ToJsonString()))
            {
                kept.Add(value.DeepClone());
            }
            else
            {
                notKept.Add(new($"{at}[{index}]", "This value is there twice."));
            }
        }

        return kept.Count > 0 ? kept : Refuse(at, "No value could be kept.", notKept);
    }

    private static JsonObject? Range(string distribution, double low, double high, double? step, string at, List<SpecificationProblem> notKept)
    {
        if (step is { } each and > 0)
        {
            // There, values are multiples of the step; here they begin at the lower bound.
            var first = Math.Ceiling((low / each) - 1e-9) * each;
            if (Math.Abs(first - low) > 1e-9 * each)
            {
                notKept.Add(new(at, string.Create(CultureInfo.InvariantCulture, $"Values are multiples of {each} there and begin at the lower bound here, which was moved from {low} to {first}.")));
                low = first;
            }
        }

        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            return Refuse(at, "Its bounds reach beyond any number a computer can hold.", notKept);
        }

        var form = new JsonObject { [distribution] = Pair(low, high, whole: false) };
        if (step is not null)
        {
            form["step"] = step;
        }

        return form;
    }

    private static JsonObject? Bell(string distribution, double mean, double deviation, double? step, string at, List<SpecificationProblem> notKept)
    {
        var form = new JsonObject { [distribution] = new JsonArray(mean, deviation) };
        if (step is { } each and > 0)
        {
            var (low, high) = (mean - (4 * deviation), mean + (4 * deviation));
            (low, high) = distribution == "logNormal" ? (Math.Exp(low), Math.Exp(high)) : (low, high);
            (low, high) = (Math.Ceiling(low / each) * each, Math.Floor(high / each) * each);
            if (!double.IsFinite(low) || !double.IsFinite(high))
            {
                return Refuse(at, "It reaches beyond any number a computer can hold.", notKept);
            }

            form["within"] = new JsonArray(low, high);
            form["step"] = step;
            notKept.Add(new(at, "A bell with a step has bounds here: four deviations to each side of the mean."));
        }

        return form;
    }

    /// <summary>Adds what the reader of spaces takes; another program's contradictions are told in its words.</summary>
    private static void Keep(JsonObject space, string path, JsonNode? parameter)
    {
        if (parameter is not null)
        {
            space[path] = parameter;
        }
    }

    private static bool Room(JsonObject space, string path, string at, List<SpecificationProblem> notKept)
    {
        if (path.Length is 0 or > LongestPath || space.ContainsKey(path))
        {
            notKept.Add(new(at, path.Length is 0 or > LongestPath ? $"A name has 1 to {LongestPath} characters." : "This name is there twice."));
            return false;
        }

        if (space.Count < MostParameters)
        {
            return true;
        }

        if (notKept.All(problem => problem.Path != "parameters"))
        {
            notKept.Add(new("parameters", $"A space has at most {MostParameters} parameters; those after are left out."));
        }

        return false;
    }

    private static JsonArray Pair(double low, double high, bool whole) => whole && Math.Abs(low) < 1L << 53 && Math.Abs(high) < 1L << 53 ? new JsonArray((long)low, (long)high) : new JsonArray(low, high);

    private static bool IsWhole(JsonNode? node) => JsonNumber.Read(node) is { } number && number == Math.Floor(number) && !node!.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E');

    private static string? Text(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonObject? Refuse(string at, string message, List<SpecificationProblem> notKept)
    {
        notKept.Add(new(at, message));
        return null;
    }
}
