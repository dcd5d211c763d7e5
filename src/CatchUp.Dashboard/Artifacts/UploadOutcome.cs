using CatchUp.Contracts.Artifacts;

namespace CatchUp.Dashboard.Artifacts;

/// <summary>What became of a piece of an upload.</summary>
/// <param name="Progress">How far the upload is now.</param>
/// <param name="Status">HTTP's status for it.</param>
/// <param name="Problem">Why it was not taken; null when it was.</param>
internal sealed record UploadOutcome(ArtifactUpload Progress, int Status, string? Problem);
