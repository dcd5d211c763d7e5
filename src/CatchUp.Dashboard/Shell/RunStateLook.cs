using CatchUp.Contracts.Runs;
using MudBlazor;

namespace CatchUp.Dashboard.Shell;

/// <summary>One word, icon and colour class for each state, everywhere.</summary>
public static class RunStateLook
{
    public static string Word(RunState state) => state switch
    {
        RunState.Queued => "queued",
        RunState.Running => "running",
        RunState.Paused => "paused",
        RunState.Completed => "completed",
        RunState.Pruned => "pruned",
        RunState.Failed => "failed",
        RunState.Cancelled => "cancelled",
        _ => state.ToString(),
    };

    public static string Icon(RunState state) => state switch
    {
        RunState.Queued => Icons.Material.Outlined.HourglassEmpty,
        RunState.Running => Icons.Material.Outlined.PlayArrow,
        RunState.Paused => Icons.Material.Outlined.Pause,
        RunState.Completed => Icons.Material.Outlined.Check,
        RunState.Pruned => Icons.Material.Outlined.ContentCut,
        RunState.Failed => Icons.Material.Outlined.ErrorOutline,
        _ => Icons.Material.Outlined.Block,
    };

    /// <summary>CSS class that sets <c>--state</c> and <c>--state-soft</c>.</summary>
    public static string Class(RunState state) => $"state-{Word(state)}";
}
