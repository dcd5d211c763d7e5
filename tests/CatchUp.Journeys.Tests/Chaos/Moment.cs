namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Where an attempt is when something happens to it.</summary>
internal enum Moment
{
    /// <summary>Its run directory is there and nothing is in the journal but that it started, if that.</summary>
    Assign,

    /// <summary>Its first point is in the journal.</summary>
    FirstBatch,

    /// <summary>Half of its updates are made.</summary>
    MidTraining,

    /// <summary>A checkpoint has its temporary name.</summary>
    CheckpointWrite,

    /// <summary>The first of the evaluations of a step is made.</summary>
    Evaluation,

    /// <summary>The last entry is in the journal.</summary>
    Completion,
}
