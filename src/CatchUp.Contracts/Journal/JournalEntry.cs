using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Journal;

/// <summary>
/// One line of an attempt's journal. Entries are numbered from 1 without gaps; the number is the attempt's position.
/// The journal on disk is the outbox: what is in it will be stored, in this order, exactly once.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AttemptStarted), "started")]
[JsonDerivedType(typeof(PointsLogged), "points")]
[JsonDerivedType(typeof(SamplesSaved), "samples")]
[JsonDerivedType(typeof(EvaluationMade), "evaluation")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(CheckpointRemoved), "checkpoint-removed")]
[JsonDerivedType(typeof(LogWritten), "log")]
[JsonDerivedType(typeof(TimeSpent), "time")]
[JsonDerivedType(typeof(AttemptEnded), "ended")]
public abstract record JournalEntry
{
    /// <summary>Position in the journal, from 1.</summary>
    [JsonPropertyOrder(-2)]
    public long Number { get; init; }

    [JsonPropertyOrder(-1)]
    public DateTimeOffset At { get; init; }
}
