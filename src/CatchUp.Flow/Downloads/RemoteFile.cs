namespace CatchUp.Flow.Downloads;

/// <summary>A public file, and how to know that it is the right one.</summary>
/// <param name="Address">Where it is: http or https.</param>
/// <param name="Sha256">Its hash, lower-case hexadecimal.</param>
/// <param name="MaximumBytes">It is not longer than this; a server that sends more is cut off.</param>
public sealed record RemoteFile(Uri Address, string Sha256, long MaximumBytes)
{
    /// <summary>Other hosts that its server may pass the request on to.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>What to do when it cannot be had.</summary>
    public string Advice { get; init; } = "Try a mirror with CATCHUP_MIRROR.";
}
