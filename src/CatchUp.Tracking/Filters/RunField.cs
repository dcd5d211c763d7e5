using System.Text.Json;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>What every run has, apart from its configuration, its metrics and its evaluations.</summary>
public sealed record RunField
{
    public required string Name { get; init; }

    public required TermKind Kind { get; init; }

    public required string Description { get; init; }

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Choices => [.. Words.Keys];

    public static IReadOnlyList<RunField> All { get; } =
    [
        new() { Name = "id", Kind = TermKind.Number, Sql = "r.id", Description = "The run's number." },
        new() { Name = "name", Kind = TermKind.Text, Sql = "r.name", Description = "The run's name." },
        new() { Name = "state", Kind = TermKind.Choice, Sql = "r.state", Words = WordsOf<RunState>(), Description = "What became of it." },
        new() { Name = "sweep", Kind = TermKind.Text, Sql = "s.name", Identity = "r.sweep_id", Description = "Its sweep, by name or number." },
        new() { Name = "project", Kind = TermKind.Text, Sql = "r.project", Description = "Its project." },
        new() { Name = "owner", Kind = TermKind.Text, Optional = true, Sql = "s.owner", Description = "Whose sweep it is." },
        new() { Name = "tag", Kind = TermKind.Tags, Sql = "", Description = "A tag that someone gave it." },
        new() { Name = "note", Kind = TermKind.Text, Optional = true, Sql = "r.note", Description = "What someone noted about it." },
        new() { Name = "step", Kind = TermKind.Number, Sql = "r.step", Description = "Optimizer updates made." },
        new() { Name = "steps", Kind = TermKind.Number, Sql = "r.steps", Description = "Optimizer updates to make." },
        new() { Name = "loss", Kind = TermKind.Number, Optional = true, Sql = "r.last_loss", Description = "The last loss." },
        new() { Name = "best", Kind = TermKind.Number, Optional = true, Sql = "r.best_value", Description = "Best value of its sweep's objective." },
        new() { Name = "seed", Kind = TermKind.Number, Sql = "r.seed", Description = "The seed of its weights, batches and noise." },
        new() { Name = "kind", Kind = TermKind.Choice, Sql = "r.kind", Words = WordsOf<RunKind>(), Description = "Whether it trains, or evaluates another run's weights." },
        new() { Name = "trial", Kind = TermKind.Number, Sql = "r.trial", Description = "Which configuration of its sweep, from 0." },
        new() { Name = "replicate", Kind = TermKind.Number, Sql = "r.replicate", Description = "Which run of the same configuration, from 0." },
        new() { Name = "configuration", Kind = TermKind.Text, Optional = true, Sql = "r.configuration", Description = "The same word for runs whose configuration differs in the seed alone." },
        new() { Name = "attempt", Kind = TermKind.Number, Sql = "r.attempt", Description = "How often it was begun." },
        new() { Name = "priority", Kind = TermKind.Number, Sql = "r.priority", Description = "Its place before others in the queue." },
        new() { Name = "worker", Kind = TermKind.Text, Optional = true, Sql = "(SELECT a.worker FROM attempts a WHERE a.run_id = r.id AND a.number = r.attempt)", Description = "Who makes or made it." },
        new() { Name = "failure", Kind = TermKind.Choice, Optional = true, Sql = "r.failure", Words = WordsOf<FailureKind>(), Description = "What kind of failure ended it." },
        new() { Name = "parent", Kind = TermKind.Number, Optional = true, Sql = "r.parent_run_id", Description = "The run whose weights it starts from or evaluates." },
        new() { Name = "reproduces", Kind = TermKind.Number, Optional = true, Sql = "r.reproduces_run_id", Description = "The run that it makes again, to see whether the same comes of it." },
        new() { Name = "weights", Kind = TermKind.Number, Optional = true, Sql = "r.parameter_count", Description = "Weights of its network." },
        new() { Name = "created", Kind = TermKind.Time, Sql = "r.created_at", Description = "When it was queued first." },
        new() { Name = "started", Kind = TermKind.Time, Optional = true, Sql = "r.started_at", Description = "When it was begun first." },
        new() { Name = "ended", Kind = TermKind.Time, Optional = true, Sql = "r.ended_at", Description = "When it ended." },
        new() { Name = "updated", Kind = TermKind.Time, Sql = "r.updated_at", Description = "When anything last came of it." },
        new() { Name = "duration", Kind = TermKind.Duration, Optional = true, Sql = "((COALESCE(r.ended_at, @now) - r.started_at) / 1e7)", Description = "From its first beginning to its end, pauses included." },
        new() { Name = "deviceHours", Kind = TermKind.Number, Optional = true, Sql = "((SELECT SUM(COALESCE(a.ended_at, @now) - a.assigned_at) FROM attempts a WHERE a.run_id = r.id) / 3.6e10)", Description = "Hours that its attempts held a GPU, or the processor where there is none." },
        new() { Name = "archived", Kind = TermKind.Truth, Sql = "r.archived", Description = "Whether it was put out of sight." },
    ];

    private static readonly Dictionary<string, RunField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>An expression over the run r, its sweep s and the time @now in ticks.</summary>
    internal string Sql { get; init; } = "";

    /// <summary>A run may have none.</summary>
    internal bool Optional { get; init; }

    /// <summary>The number of what <see cref="Sql"/> names.</summary>
    internal string? Identity { get; init; }

    /// <summary>Word for people → what is stored.</summary>
    internal IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();

    public static RunField? Find(string name) => ByName.GetValueOrDefault(name);

    private static Dictionary<string, string> WordsOf<T>()
        where T : struct, Enum
        => Enum.GetNames<T>().ToDictionary(JsonNamingPolicy.KebabCaseLower.ConvertName, StringComparer.Ordinal);
}
