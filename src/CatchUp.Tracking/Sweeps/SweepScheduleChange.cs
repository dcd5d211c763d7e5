using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Sweeps;

/// <summary>What of a sweep's schedule is to be another from now on. What is null stays.</summary>
public sealed record SweepScheduleChange
{
    /// <summary>Of all its runs that have not ended.</summary>
    public int? Priority { get; init; }

    /// <summary>Nothing: as many as there are slots.</summary>
    public Setting<int?>? MaxParallel { get; init; }

    /// <summary>Nothing: at any time.</summary>
    public Setting<string?>? Window { get; init; }

    public Setting<string?>? Deadline { get; init; }

    /// <summary>What is wrong with it, by name of the key.</summary>
    public IReadOnlyList<SweepProblem> Check(DateTimeOffset now)
    {
        var problems = new List<SweepProblem>();
        if (Priority is { } priority && Math.Abs((long)priority) > SweepFileSchema.MostPriority)
        {
            problems.Add(new("priority", $"priority is a whole number between -{SweepFileSchema.MostPriority:N0} and {SweepFileSchema.MostPriority:N0}."));
        }

        if (MaxParallel?.Value is < 1 or > SweepFileSchema.MostParallel)
        {
            problems.Add(new("maxParallel", $"maxParallel is a whole number between 1 and {SweepFileSchema.MostParallel:N0}, or null for no limit."));
        }

        if (Window?.Value is { } window && (window.Length > SweepFileSchema.LongestWindow ? $"A window has at most {SweepFileSchema.LongestWindow} characters." : ScheduleWindow.TryParse(window, out _)) is { } wrong)
        {
            problems.Add(new("window", wrong));
        }

        if (Deadline?.Value is { } text)
        {
            if (ScheduleDeadline.TryParse(text, out var deadline) is { } problem)
            {
                problems.Add(new("deadline", problem));
            }
            else if (deadline!.At <= now)
            {
                problems.Add(new("deadline", $"The deadline {deadline.Text} has passed. Set a later one, or cancel the sweep."));
            }
        }

        return problems;
    }
}
