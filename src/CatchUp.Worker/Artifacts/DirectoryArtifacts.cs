using CatchUp.Contracts.Artifacts;
using CatchUp.Worker.Attempts;

namespace CatchUp.Worker.Artifacts;

/// <summary>The server's own artifact directory, for the worker inside the server.</summary>
internal sealed class DirectoryArtifacts(ArtifactDirectory artifacts) : IArtifactStore
{
    public Task StoreAsync(string file, string sha256, bool keepsReserve, CancellationToken cancellation) => artifacts.StoreAsync(file, sha256, keepsReserve, cancellation);

    public string PathOf(AttemptDirectory attempt, string sha256) => Path.GetFullPath(artifacts.PathOf(sha256));

    public Task<bool> FetchAsync(AttemptDirectory attempt, string sha256, CancellationToken cancellation) => artifacts.VerifyAsync(sha256, cancellation);
}
