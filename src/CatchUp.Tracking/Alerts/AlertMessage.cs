using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Nights;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Alerts;

/// <summary>Writes messages: JSON whose <c>text</c> is for people, and the same beside it for programs. docs/nights.md describes the shape; names once published stay.</summary>
internal static class AlertMessage
{
    private const int LongestText = 3500, DiscordText = 1900;

    public sealed record FailedRun(long Id, string Name, long SweepId, string Sweep, string Cause, string? Advice, FailureKind Kind);

    public static string Word(AlertKind kind) => JsonSerializer.SerializeToNode(kind, ContractJson.Options)!.GetValue<string>();

    public static string Test(Guid id, string webhook, DateTimeOffset at) => Write(id, AlertKind.Test, at, $"A test of the webhook \"{Plain(webhook)}\" from CatchUp Platform. Messages arrive.", []);

    public static string Failed(Guid id, IReadOnlyList<FailedRun> runs, int total, Uri? pages, DateTimeOffset at)
    {
        var lines = new List<string> { total == 1 ? $"Run \"{Plain(runs[0].Name)}\" of \"{Plain(runs[0].Sweep)}\" failed." : $"{total:N0} runs failed." };
        foreach (var group in runs.GroupBy(run => (run.SweepId, run.Kind)))
        {
            var first = group.First();
            lines.Add($"{FailureAdvice.Name(first.Kind)}{(total == 1 ? "" : $", {group.Count():N0} of \"{Plain(first.Sweep)}\"")}: {Short(first.Cause)}{(first.Advice is null ? "" : $" {Short(first.Advice)}")}");
        }

        if (pages is not null)
        {
            lines.Add(total == 1 ? Link(pages, $"/runs/{runs[0].Id}")! : Link(pages, "/runs?state=failed")!);
        }

        return Write(id, AlertKind.RunFailed, at, string.Join('\n', lines), new JsonObject
        {
            ["total"] = total,
            ["runs"] = new JsonArray([.. runs.Select(run => (JsonNode)new JsonObject
            {
                ["id"] = run.Id,
                ["name"] = run.Name,
                ["sweepId"] = run.SweepId,
                ["sweep"] = run.Sweep,
                ["failure"] = JsonSerializer.SerializeToNode(run.Kind, ContractJson.Options),
                ["cause"] = run.Cause,
                ["advice"] = run.Advice,
                ["url"] = Link(pages, $"/runs/{run.Id}"),
            })]),
        });
    }

    public static string Finished(Guid id, long sweep, string name, int completed, int failed, int others, Evaluation? best, string? bestRun, Uri? pages, DateTimeOffset at)
    {
        var counts = $"{completed:N0} completed{(failed > 0 ? $", {failed:N0} failed" : "")}{(others > 0 ? $", {others:N0} stopped" : "")}";
        var text = $"Sweep \"{Plain(name)}\" has finished: {counts}.{(best is null ? "" : $"\nBest: {Value(best)}, run \"{Plain(bestRun ?? "")}\" at step {best.Step:N0} ({Plain(best.Protocol)}).")}";
        return Write(id, AlertKind.SweepFinished, at, pages is null ? text : $"{text}\n{Link(pages, $"/sweeps/{sweep}")}", new JsonObject
        {
            ["sweepId"] = sweep,
            ["sweep"] = name,
            ["completed"] = completed,
            ["failed"] = failed,
            ["stopped"] = others,
            ["best"] = Json(best, bestRun),
            ["url"] = Link(pages, $"/sweeps/{sweep}"),
        });
    }

    public static string Digest(Guid id, Night night, TimeZoneInfo zone, Uri? pages, DateTimeOffset at)
    {
        var lines = new List<string> { $"Night {Local(night.From, zone)} to {Local(night.To, zone)} ({zone.Id})" };
        var (completed, failed, paused) = (night.Sweeps.Sum(sweep => sweep.Completed), night.Sweeps.Sum(sweep => sweep.Failed), night.Sweeps.Sum(sweep => sweep.Paused));
        lines.Add(night.Sweeps.Count == 0 ? "Nothing ran." : $"{completed:N0} completed, {failed:N0} failed, {paused:N0} paused; {night.Sweeps.Sum(sweep => sweep.Lost):N0} attempts lost, {night.Sweeps.Sum(sweep => sweep.Resumed):N0} of them resumed.");
        lines.AddRange(night.Sweeps.Where(sweep => sweep.Improved).Take(10).Select(sweep =>
            $"Better: \"{Plain(sweep.Name)}\" {(sweep.Before is null ? "" : $"{Value(sweep.Before)} → ")}{Value(sweep.After!)} ({Plain(sweep.After!.Protocol)})"));
        lines.AddRange(night.Failures.Take(10).Select(failure => $"Failed: {failure.Count:N0} of \"{Plain(failure.SweepName)}\", {FailureAdvice.Name(failure.Kind)}. {Short(failure.Cause)}"));
        lines.AddRange(new[] { ("GPU", night.Gpu), ("CPU", night.Cpu) }.Where(cost => cost.Item2.Total > 0).Select(cost =>
            $"{Hours(cost.Item2.Total)} {cost.Item1}-hours: training {Hours(cost.Item2.Training)}, sampling {Hours(cost.Item2.Sampling)}, evaluation {Hours(cost.Item2.Evaluation)}, the rest {Hours(cost.Item2.Overhead)}; {Hours(cost.Item2.Lost)} of it done twice."));
        if (night.Waiting.Count > 0)
        {
            lines.Add($"{night.Waiting.Sum(waiting => waiting.Count):N0} runs wait. \"{Plain(night.Waiting[0].SweepName)}\": {Plain(night.Waiting[0].Reason)}");
        }

        var address = $"/digest?from={Stamp(night.From)}&to={Stamp(night.To)}";
        if (pages is not null)
        {
            lines.Add(Link(pages, address)!);
        }

        return Write(id, AlertKind.Digest, at, string.Join('\n', lines), new JsonObject
        {
            ["from"] = night.From.UtcDateTime,
            ["to"] = night.To.UtcDateTime,
            ["completed"] = completed,
            ["failed"] = failed,
            ["paused"] = paused,
            ["waiting"] = night.Waiting.Sum(waiting => waiting.Count),
            ["gpuSeconds"] = Json(night.Gpu),
            ["cpuSeconds"] = Json(night.Cpu),
            ["improved"] = new JsonArray([.. night.Sweeps.Where(sweep => sweep.Improved).Take(50).Select(sweep => (JsonNode)new JsonObject
            {
                ["sweepId"] = sweep.Id,
                ["sweep"] = sweep.Name,
                ["before"] = Json(sweep.Before, null),
                ["after"] = Json(sweep.After, sweep.BestRun),
                ["url"] = Link(pages, $"/sweeps/{sweep.Id}"),
            })]),
            ["failures"] = new JsonArray([.. night.Failures.Take(50).Select(failure => (JsonNode)new JsonObject
            {
                ["sweepId"] = failure.SweepId,
                ["sweep"] = failure.SweepName,
                ["failure"] = JsonSerializer.SerializeToNode(failure.Kind, ContractJson.Options),
                ["count"] = failure.Count,
                ["cause"] = failure.Cause,
                ["advice"] = failure.Advice,
            })]),
            ["url"] = Link(pages, address),
        });
    }

    /// <summary>"2026-03-01T18:00:00Z".</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Write(Guid id, AlertKind kind, DateTimeOffset at, string text, JsonObject rest)
    {
        var body = new JsonObject
        {
            ["id"] = id.ToString(),
            ["event"] = Word(kind),
            ["at"] = Stamp(at),
            ["text"] = CleanText.Block(text, LongestText),
            // What Discord shows, and that it is to call nobody.
            ["content"] = CleanText.Block(text, DiscordText),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
        foreach (var (name, value) in rest.ToList())
        {
            rest.Remove(name);
            body[name] = value;
        }

        return body.ToJsonString(ContractJson.Options);
    }

    /// <summary>What users wrote must not call a whole channel or make links: an invisible space keeps @ and &lt; from meaning anything.</summary>
    private static string Plain(string text) => CleanText.Line(text, 300).Replace("@", "@\u200B", StringComparison.Ordinal).Replace("<", "<\u200B", StringComparison.Ordinal).Replace("](", "]\u200B(", StringComparison.Ordinal);

    private static string Short(string text) => Plain(text.Length <= 300 ? text : text[..299] + "…");

    private static string? Link(Uri? pages, string address) => pages is null ? null : new Uri(pages, address).ToString();

    private static string Local(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Hours(double seconds) => (seconds / 3600).ToString(seconds >= 36_000 ? "#,0" : seconds >= 3600 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    private static string Value(Evaluation evaluation)
    {
        var number = evaluation.Value.ToString("0.####", CultureInfo.InvariantCulture);
        return evaluation is { Low: { } low, High: { } high }
            ? string.Create(CultureInfo.InvariantCulture, $"{evaluation.Metric} {number} [{low:0.###}, {high:0.###}]")
            : $"{evaluation.Metric} {number}";
    }

    private static JsonObject? Json(Evaluation? evaluation, string? run) => evaluation is null ? null : new JsonObject
    {
        ["metric"] = evaluation.Metric,
        ["value"] = evaluation.Value,
        ["low"] = evaluation.Low,
        ["high"] = evaluation.High,
        ["protocol"] = evaluation.Protocol,
        ["runId"] = evaluation.RunId,
        ["run"] = run,
        ["step"] = evaluation.Step,
        ["solver"] = evaluation.Solver,
        ["nfe"] = evaluation.Nfe,
        ["head"] = evaluation.Head,
    };

    private static JsonObject Json(SlotTime cost) => new()
    {
        ["training"] = cost.Training,
        ["sampling"] = cost.Sampling,
        ["evaluation"] = cost.Evaluation,
        ["overhead"] = cost.Overhead,
        ["lost"] = cost.Lost,
    };
}
