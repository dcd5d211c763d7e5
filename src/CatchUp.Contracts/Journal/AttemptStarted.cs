namespace CatchUp.Contracts.Journal;

/// <summary>The trainer has built everything and is about to make its first update.</summary>
public sealed record AttemptStarted : JournalEntry
{
    /// <summary>The step of the checkpoint it goes on from; 0 for a fresh start.</summary>
    public int FromStep { get; init; }

    /// <summary>Parameters of the network, heads included.</summary>
    public long Parameters { get; init; }

    /// <summary>What the numbers depend on beside the specification: device, threads, library versions, data hash, commit.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What was changed over the commit when the trainer was built, or the beginning of it; null: nothing, or it is not known. Its hash is <c>patch_sha256</c> of the environment.</summary>
    public string? SourcePatch { get; init; }
}
