namespace CatchUp.Contracts.Journal;

/// <summary>Why an attempt did not get to its end, as far as that can be told apart. What is done about it, and what is advised, depends on it.</summary>
public enum FailureKind
{
    /// <summary>None of those below.</summary>
    Other,

    /// <summary>The machine's or the accelerator's memory was not enough.</summary>
    OutOfMemory,

    /// <summary>The specification, or what it names, cannot be used.</summary>
    Configuration,

    /// <summary>The loss was not finite.</summary>
    NonFinite,

    /// <summary>The worker's disk was full.</summary>
    DiskFull,

    /// <summary>A data set, an extractor or a file of weights was not to be had.</summary>
    Data,

    /// <summary>The trainer crashed.</summary>
    Crash,

    /// <summary>The trainer or its worker went away, too often in a row.</summary>
    Lost,

    /// <summary>A rule of the sweep file, on the run's log, said so.</summary>
    Rule,
}
