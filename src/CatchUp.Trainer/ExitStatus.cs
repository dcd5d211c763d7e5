namespace CatchUp.Trainer;

/// <summary>The trainer's exit statuses. Anything else is a crash.</summary>
internal static class ExitStatus
{
    /// <summary>Completed, paused or cancelled: the journal says which.</summary>
    public const int Done = 0;

    /// <summary>A check did not pass.</summary>
    public const int NotPassed = 1;

    /// <summary>What was given cannot be used; standard error says why.</summary>
    public const int BadInput = 2;

    /// <summary>The run failed; the journal says why.</summary>
    public const int Failed = 3;

    /// <summary>Standard input ended, so the worker is gone; the journal ends where it ended.</summary>
    public const int Abandoned = 4;
}
