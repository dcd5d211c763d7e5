namespace CatchUp.Contracts.Workers;

public enum OrderKind
{
    Continue,

    /// <summary>Write a checkpoint and stop; the run goes on later.</summary>
    Pause,

    /// <summary>Stop for good.</summary>
    Cancel,

    /// <summary>The attempt is not the run's any more: kill the trainer, drop the directory.</summary>
    Abandon,
}
