using System.Text.Json.Nodes;

namespace CatchUp.Contracts.Presets;

/// <summary>A named, complete starting point for run specifications.</summary>
/// <param name="Name">What a sweep file's <c>base.preset</c> says.</param>
/// <param name="Title">One line for a list.</param>
/// <param name="Description">What it is for and what it costs.</param>
/// <param name="Cost">Of a run, estimated: "days of a GPU".</param>
/// <param name="Specification">The keys that differ from the specification's defaults, as in a sweep file's base.</param>
public sealed record Preset(string Name, string Title, string Description, string Cost, JsonObject Specification);
