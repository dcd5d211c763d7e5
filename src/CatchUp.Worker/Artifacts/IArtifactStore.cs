using CatchUp.Worker.Attempts;

namespace CatchUp.Worker.Artifacts;

/// <summary>Where an attempt's files go and its weights come from: a directory that the server shares, or the server over HTTP.</summary>
internal interface IArtifactStore
{
    /// <summary>Stores the file, once. A try that broke off is gone on with where it stopped.</summary>
    /// <param name="keepsReserve">False for small files that may use the last of the disk: samples.</param>
    /// <exception cref="InvalidDataException">Its bytes do not have that hash, or it is refused for good.</exception>
    /// <exception cref="IOException">It cannot be stored now.</exception>
    Task StoreAsync(string file, string sha256, bool keepsReserve, CancellationToken cancellation);

    /// <summary>Where <see cref="FetchAsync"/> puts the artifact for this attempt.</summary>
    string PathOf(AttemptDirectory attempt, string sha256);

    /// <summary>Sees to it that the artifact's bytes are there and are those of its hash.</summary>
    /// <returns>False when the store does not have it, or had it damaged and has dropped it.</returns>
    /// <exception cref="IOException">The store could not be reached for long.</exception>
    Task<bool> FetchAsync(AttemptDirectory attempt, string sha256, CancellationToken cancellation);
}
