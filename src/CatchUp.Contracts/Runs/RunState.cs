namespace CatchUp.Contracts.Runs;

public enum RunState
{
    Queued,
    Running,
    Paused,
    Completed,
    Pruned,
    Failed,
    Cancelled,
}
