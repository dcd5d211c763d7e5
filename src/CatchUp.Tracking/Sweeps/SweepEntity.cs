namespace CatchUp.Tracking.Sweeps;

internal sealed class SweepEntity
{
    public long Id { get; set; }

    /// <summary>Made by the client; the same id again means the same sweep.</summary>
    public Guid RequestId { get; set; }

    public required string Name { get; set; }

    public required string Project { get; set; }

    public string? Owner { get; set; }

    /// <summary>The sweep file as it was submitted.</summary>
    public required string Document { get; set; }

    /// <summary>Null: the sweep has no objective, and neither have the columns below.</summary>
    public string? ObjectiveMetric { get; set; }

    public string? ObjectiveSolver { get; set; }

    public int? ObjectiveNfe { get; set; }

    public int? ObjectiveHead { get; set; }

    public SweepGoal? ObjectiveGoal { get; set; }

    /// <summary>Dotted paths of the space, as a JSON array of texts.</summary>
    public string SweptKeys { get; set; } = "[]";

    public int Priority { get; set; }

    public int? MaxParallel { get; set; }

    /// <summary>A <see cref="Queue.ScheduleWindow"/> as it was written; null: it may run at any time.</summary>
    public string? Window { get; set; }

    /// <summary>The window's opening that lasts or comes next; moved on by <see cref="Queue.ScheduleKeeper"/>. Both null without a window.</summary>
    public long? OpensAt { get; set; }

    public long? ClosesAt { get; set; }

    /// <summary>A <see cref="Queue.ScheduleDeadline"/> as it was written.</summary>
    public string? Deadline { get; set; }

    public long? DeadlineAt { get; set; }

    /// <summary>What it demands of a slot (<see cref="Queue.SweepRequirements"/>), as JSON; null: nothing.</summary>
    public string? Requires { get; set; }

    /// <summary>The <see cref="Searches.SearchSpecification"/> as JSON; null for a plain grid.</summary>
    public string? Search { get; set; }

    /// <summary>Cancelled as a whole: nothing more is tried until it is resumed.</summary>
    public bool SearchStopped { get; set; }

    /// <summary>Every trial has its end, and no other comes.</summary>
    public bool SearchEnded { get; set; }

    public int Trials { get; set; }

    public int Replicates { get; set; }

    public long CreatedAt { get; set; }

    public bool Archived { get; set; }

    /// <summary>The <see cref="Queue.RestartPolicy"/> as JSON; null: the usual one.</summary>
    public string? Restarts { get; set; }

    /// <summary>None of its queued runs is handed out.</summary>
    public bool Paused { get; set; }

    /// <summary>What the file says of retention. Nothing: the server's own policy holds.</summary>
    public bool RetentionKeepAll { get; set; }

    public int? RetentionLast { get; set; }

    public int? RetentionBest { get; set; }
}
