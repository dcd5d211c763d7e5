using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>
/// A sweep file while it is being edited in a form: everything that can be wrong is still text.
/// The file is the truth: a form turns itself into YAML and has that checked, so that both say the same.
/// </summary>
public sealed record SweepDraft
{
    public string Name { get; init; } = "";

    /// <summary>Empty: default.</summary>
    public string Project { get; init; } = "";

    public string Owner { get; init; } = "";

    /// <summary>Name of the preset; empty for none.</summary>
    public string Preset { get; init; } = "";

    /// <summary>What differs from the preset: <c>training.iterations</c> = <c>600</c>. Lists as <c>1, 2, 4</c>, with or without brackets.</summary>
    public IReadOnlyList<DraftEntry> Overrides { get; init; } = [];

    /// <summary>The search space: <c>objective.order</c> = <c>rk12, rk23, rk34</c>. A value may be a mapping that sets several keys below the path: <c>{kind: catch-up, order: rk12}</c>.</summary>
    public IReadOnlyList<DraftEntry> Space { get; init; } = [];

    /// <summary>Conditions on whole configurations.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>Empty: grid.</summary>
    public string Method { get; init; } = "";

    /// <summary>The other keys of <c>search</c>: trials, seed, startup, stopping.method, failed.retries and so on; objectives as mappings, <c>{metric: fid, nfe: 4}, {metric: gpu-hours}</c>.</summary>
    public IReadOnlyList<DraftEntry> Search { get; init; } = [];

    /// <summary>Empty: 1.</summary>
    public string Replicates { get; init; } = "";

    /// <summary>Keys of <c>objective</c>: metric, solver, nfe, head, goal. Empty: the default objective.</summary>
    public IReadOnlyList<DraftEntry> Objective { get; init; } = [];

    /// <summary>Keys of <c>evaluation</c>: every, solvers, nfe, samples and so on.</summary>
    public IReadOnlyList<DraftEntry> Evaluation { get; init; } = [];

    /// <summary>Empty: 0.</summary>
    public string Priority { get; init; } = "";

    /// <summary>Empty: as many as there are slots.</summary>
    public string MaxParallel { get; init; } = "";

    /// <summary><c>22:00-07:00 Europe/Berlin</c>. Empty: always.</summary>
    public string Window { get; init; } = "";

    /// <summary>Empty: none.</summary>
    public string Deadline { get; init; } = "";

    /// <summary>Keys of <c>schedule.requires</c>: labels, memory, device. Empty: any worker that has the data.</summary>
    public IReadOnlyList<DraftEntry> Requires { get; init; } = [];

    /// <summary>Keys of <c>schedule.restarts</c>: lost, and onLog with its rules as mappings, <c>{match: ECC error, action: exclude-worker}</c>. Empty: as usual.</summary>
    public IReadOnlyList<DraftEntry> Restarts { get; init; } = [];

    /// <summary>Keys of <c>retention</c>: keep, last, best. Empty: the server's policy.</summary>
    public IReadOnlyList<DraftEntry> Retention { get; init; } = [];

    /// <summary>The sweep file of this draft.</summary>
    public string ToYaml() => SweepDraftYaml.Write(this);

    /// <summary>A file that says what this draft says, made from one that says something else: its comments and its manner of writing stay.</summary>
    public string ToYaml(string file) => SweepFileEdit.Apply(file, ToYaml());

    /// <summary>The form of a sweep file. The draft is null, with the reasons, when the file says something a form cannot hold: broken YAML, an unknown key, variants.</summary>
    public static SweepDraftReading FromYaml(string document) => SweepDraftYaml.Read(document);

    /// <summary>A sweep of one run that repeats an existing one: clone and edit.</summary>
    public static SweepDraft FromRun(RunDetails run) => SweepDraftYaml.FromRun(run);

    /// <summary>A sweep of one run that evaluates the last snapshot of an existing one, to be edited: other solvers, NFE, heads, more images.</summary>
    public static SweepDraft EvaluationOf(RunDetails run) => SweepDraftYaml.EvaluationOf(run);
}
