using System.Globalization;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Sweeps;

internal sealed partial class SweepFileReader
{
    private const string Restarts = "schedule.restarts";

    private static readonly string[] Actions = ["exclude-worker", "retry", "fail"];

    /// <summary>Reads <c>schedule.restarts</c>, whose rules are mappings in a list, and takes it out of the section: the rest of that has plain values.</summary>
    private RestartPolicy? TakeRestarts(JsonObject file)
    {
        if (file["schedule"] is not JsonObject schedule || !schedule.Remove("restarts", out var node))
        {
            return null;
        }

        if (node is not JsonObject { Count: > 0 } restarts)
        {
            Add(Restarts, "restarts is a mapping with lost, onLog or both, as in { lost: 5, onLog: [{ match: \"ECC error\", action: exclude-worker }] }.");
            return null;
        }

        RefuseOthers(restarts, Restarts, ["lost", "onLog"]);
        return new RestartPolicy { Lost = ReadLost(restarts), OnLog = ReadRules(restarts) };
    }

    private int? ReadLost(JsonObject restarts)
    {
        if (!restarts.TryGetPropertyValue("lost", out var node))
        {
            return null;
        }

        if (node is JsonValue && int.TryParse(node.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= RestartPolicy.MostLost)
        {
            return number;
        }

        Add($"{Restarts}.lost", $"lost says how many attempts in a row may be lost before the run fails: a whole number from 0 to {RestartPolicy.MostLost}.");
        return null;
    }

    private List<LogRule> ReadRules(JsonObject restarts)
    {
        var rules = new List<LogRule>();
        if (!restarts.TryGetPropertyValue("onLog", out var node))
        {
            return rules;
        }

        if (node is not JsonArray { Count: > 0 and <= RestartPolicy.MostRules } items)
        {
            Add($"{Restarts}.onLog", $"onLog is a list of 1 to {RestartPolicy.MostRules} rules, as in [{{ match: \"ECC error\", action: exclude-worker }}].");
            return rules;
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (ReadRule(items[index], $"{Restarts}.onLog[{index}]") is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private LogRule? ReadRule(JsonNode? node, string at)
    {
        if (node is not JsonObject rule)
        {
            Add(at, "A rule is a mapping with match, a regular expression, and action, as in { match: \"ECC error\", action: exclude-worker }.");
            return null;
        }

        RefuseOthers(rule, at, ["match", "action"]);
        var (match, action) = (Text(rule, "match"), Text(rule, "action"));
        var problem = match is null ? "A rule needs match: the regular expression that a line of the run's log has to contain." : RestartPolicy.Problem(match);
        if (problem is not null)
        {
            Add(rule.ContainsKey("match") ? $"{at}.match" : at, problem);
        }

        if (action is null || !Actions.Contains(action))
        {
            var closest = action is null ? null : ClosestWord.Find(action, Actions);
            Add(rule.ContainsKey("action") ? $"{at}.action" : at, $"action is {string.Join(", ", Actions[..^1])} or {Actions[^1]}.{(closest is null ? "" : $" Did you mean {closest}?")}", closest);
            return null;
        }

        return problem is null ? new LogRule(match!, action switch { "exclude-worker" => LogAction.ExcludeWorker, "retry" => LogAction.Retry, _ => LogAction.Fail }) : null;
    }

    private void RefuseOthers(JsonObject section, string at, IReadOnlyList<string> known)
    {
        foreach (var (name, _) in section.Where(member => !known.Contains(member.Key)))
        {
            var closest = ClosestWord.Find(name, known);
            Add($"{at}.{name}", $"Unknown key '{name}'. {(closest is null ? $"There are {string.Join(" and ", known)}." : $"Did you mean {closest}?")}", closest, atKey: true);
        }
    }

    private static string? Text(JsonObject section, string name) => section.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
