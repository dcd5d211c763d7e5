namespace CatchUp.Contracts.Workers;

/// <summary>Number of the agreement between worker and server: messages, journal and artifacts. It rises when one side could misunderstand the other; fields that are only added leave it.</summary>
public static class WorkerContract
{
    public const int Version = 1;

    /// <summary>Why a worker of that version is not let in; null for one that is.</summary>
    public static string? Refusal(int version) => version == Version
        ? null
        : $"The worker speaks version {version} of the worker contract and the server version {Version}. Install the same release of CatchUp Platform on both; runs left on the worker's disk are shipped at its next start.";
}
