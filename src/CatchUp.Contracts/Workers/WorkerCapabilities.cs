namespace CatchUp.Contracts.Workers;

/// <summary>What a slot offers. The coordinator gives it only runs it can make.</summary>
public sealed record WorkerCapabilities
{
    /// <summary>cpu or cuda:i.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The device in words, for people: "AMD EPYC, 2 threads".</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>Of a graphics card the memory that other programs leave free, of cpu the machine's. 0: not known.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Names of the data sets that are on this machine.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Names of the feature extractors whose weights are set up on this machine.</summary>
    public IReadOnlyList<string> Extractors { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Computing threads that a trainer gets. 0: not told, by an older worker.</summary>
    public int Threads { get; init; }

    /// <summary>The commit that the trainer was built from; null: not known.</summary>
    public string? Commit { get; init; }

    /// <summary>Hash of what was changed over that commit; null: nothing, or not known.</summary>
    public string? PatchSha256 { get; init; }
}
