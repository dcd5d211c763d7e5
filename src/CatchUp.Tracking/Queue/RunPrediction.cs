namespace CatchUp.Tracking.Queue;

/// <summary>When a run is expected to begin and to end, as the queue stands.</summary>
/// <param name="Start">Null: unknown, because it waits for something whose end is unknown; or it runs already.</param>
/// <param name="End">Null: no run like it has been measured yet, or its start is unknown.</param>
/// <param name="Basis">What the end is computed from.</param>
public sealed record RunPrediction(DateTimeOffset? Start, DateTimeOffset? End, PredictionBasis Basis);

/// <summary>Measurements that a prediction rests on, from the best to none.</summary>
public enum PredictionBasis
{
    /// <summary>Runs of the same network, objective and batch on the same device.</summary>
    SameRunsAndDevice,

    /// <summary>Runs of the same network, objective and batch on other devices.</summary>
    SameRuns,

    /// <summary>Other runs of the project: rough.</summary>
    Project,

    /// <summary>Runs of other projects: very rough.</summary>
    Any,

    /// <summary>Nothing like it has been measured yet.</summary>
    None,
}
