namespace CatchUp.Tracking.Alerts;

/// <summary>What a message tells.</summary>
public enum AlertKind
{
    /// <summary>Runs failed.</summary>
    RunFailed,

    /// <summary>The last run of a sweep has ended.</summary>
    SweepFinished,

    /// <summary>A night's digest.</summary>
    Digest,

    /// <summary>Somebody pressed "send test".</summary>
    Test,
}
