namespace CatchUp.Trainer.Runs;

/// <summary>How a trainer is asked to end before its last step. A later value outranks an earlier one: a worker may ask and go away.</summary>
internal enum StopRequest
{
    None,

    /// <summary>The worker is gone: leave at once and write nothing more.</summary>
    Abandon,

    /// <summary>Save a checkpoint and end; the run goes on later.</summary>
    Pause,

    /// <summary>End for good.</summary>
    Cancel,
}
