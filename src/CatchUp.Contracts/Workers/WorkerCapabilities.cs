namespace CatchUp.Contracts.Workers;

/// <summary>What a slot offers. The coordinator gives it only runs it can make.</summary>
public sealed record WorkerCapabilities
{
    /// <summary>cpu or cuda:i.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The device in words, for people: "AMD EPYC, 2 threads".</summary>
    public string DeviceName { get; init; } = "";

    public long MemoryBytes { get; init; }

    /// <summary>Names of the data sets that are on this machine.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];
}
