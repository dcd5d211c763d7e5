namespace CatchUp.Tracking.Metrics;

/// <summary>What a curve is drawn over.</summary>
public enum CurveAxis
{
    /// <summary>Optimizer updates; seconds since the run was created for <c>system/</c>.</summary>
    Step,

    /// <summary>Steps times the run's batch size.</summary>
    Images,

    /// <summary>Seconds since the run's first attempt began, by the clock of its worker. Pauses, and waiting between attempts, are counted.</summary>
    Time,

    /// <summary>Seconds in which the run's attempts held a slot: a GPU, or the processor where there is none. Lost work is counted, waiting is not.</summary>
    Device,
}
