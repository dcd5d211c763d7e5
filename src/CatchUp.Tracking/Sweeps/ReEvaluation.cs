using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>The sweep file of one run that evaluates a snapshot of another.</summary>
public static class ReEvaluation
{
    /// <param name="run">The run to evaluate.</param>
    /// <param name="wanted">A JSON object: keys of <c>evaluation</c> that differ from the run's own, and <c>step</c>, the snapshot's.</param>
    /// <returns>Null when <paramref name="wanted"/> is no JSON object. Whether its keys and values are right is the planner's to say.</returns>
    public static string? Of(RunDetails run, string wanted)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Read(wanted) is not { } changes)
        {
            return null;
        }

        var initial = new JsonObject { ["run"] = $"{run.Summary.Id}" };
        if (changes.Remove("step", out var step))
        {
            initial["step"] = step;
        }

        var evaluation = JsonSerializer.SerializeToNode(run.Specification.Evaluation, ContractJson.Options)!.AsObject();
        evaluation.Remove("every");
        evaluation.Remove("gates");
        SpecificationMerge.Apply(evaluation, changes);
        return new JsonObject
        {
            ["name"] = Shortened($"Evaluate {run.Summary.Name}"),
            ["project"] = run.Summary.Project,
            ["base"] = new JsonObject
            {
                ["kind"] = "evaluate",
                ["initialRun"] = initial,
                ["samples"] = JsonSerializer.SerializeToNode(run.Specification.Samples, ContractJson.Options),
            },
            ["evaluation"] = evaluation,
        }.ToJsonString();
    }

    private static JsonObject? Read(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shortened(string name) => name.Length <= SweepFileSchema.LongestName ? name : name[..(SweepFileSchema.LongestName - 1)] + "…";
}
