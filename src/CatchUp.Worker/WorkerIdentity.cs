using Microsoft.Extensions.Options;

namespace CatchUp.Worker;

/// <summary>Who this process is to the coordinator. The incarnation is new at every start.</summary>
internal sealed class WorkerIdentity(IOptions<WorkerOptions> options)
{
    public string Name { get; } = options.Value.Name;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>Fingerprint of its token; null inside the server.</summary>
    public string? Token { get; } = options.Value.TokenFingerprint;

    public string Version { get; } = typeof(WorkerIdentity).Assembly.GetName().Version?.ToString(3) ?? "";
}
