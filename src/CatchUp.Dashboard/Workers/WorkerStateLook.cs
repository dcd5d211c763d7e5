using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Workers;

/// <summary>How a worker's state looks and reads, everywhere.</summary>
internal static class WorkerStateLook
{
    public static string Word(WorkerState state) => state switch
    {
        WorkerState.Ready => "ready",
        WorkerState.Busy => "busy",
        WorkerState.Draining => "draining",
        WorkerState.Refused => "refused",
        _ => "lost",
    };

    public static string Class(WorkerState state) => $"presence {Word(state)}";
}
