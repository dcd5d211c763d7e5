using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Journals;

/// <summary>What a whole journal amounts to.</summary>
/// <param name="LastNumber">Number of its last entry; 0 when it is empty.</param>
/// <param name="LastStep">The furthest step it tells of.</param>
/// <param name="Ended">Its last entry, when that is the attempt's end.</param>
/// <param name="Checkpoints">Files of weights that it does not say were removed.</param>
internal sealed record JournalEnd(long LastNumber, int LastStep, AttemptEnded? Ended, IReadOnlyList<CheckpointSaved> Checkpoints);
