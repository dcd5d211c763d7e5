using CatchUp.Contracts.Presets;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>The sweep files beside the program, from the cheapest preset to the dearest. Read once.</summary>
internal sealed class ReadySweeps
{
    private readonly Lazy<IReadOnlyList<ReadySweep>> _all;

    public ReadySweeps(SweepPlanner planner) => _all = new(() => Read(planner));

    public IReadOnlyList<ReadySweep> All => _all.Value;

    public ReadySweep? Find(string id) => All.FirstOrDefault(sweep => sweep.Id == id);

    private static ReadySweep[] Read(SweepPlanner planner)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "sweeps");
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var presets = PresetCatalog.All.Select(preset => preset.Name).ToList();
        return
        [
            .. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
                .Select(file => (File: file, Document: File.ReadAllText(file)))
                .Select(file => (file.File, file.Document, Plan: planner.Plan(file.Document)))
                .Where(file => file.Plan.IsValid)
                .Select(file => new ReadySweep(
                    Path.GetFileNameWithoutExtension(file.File), file.Plan.Name, Head(file.Document), file.Plan.FirstTrials is [var first, ..] ? first.Specification.Preset : "", file.Plan.Runs, file.Document))
                .OrderBy(sweep => presets.IndexOf(sweep.Preset) is var at and >= 0 ? at : presets.Count),
        ];
    }

    /// <summary>The first sentences of the file: its comment at the head.</summary>
    private static string Head(string document) =>
        string.Join(' ', document.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim()));
}
