namespace CatchUp.Tracking.Runs;

public enum CommandResult
{
    /// <summary>It is done, or on its way.</summary>
    Accepted,

    /// <summary>There is nothing of that id.</summary>
    NotFound,

    /// <summary>It cannot be done in the present state; the message says why.</summary>
    Refused,
}

/// <summary>What became of a command.</summary>
public sealed record CommandOutcome(CommandResult Result, string Message);
