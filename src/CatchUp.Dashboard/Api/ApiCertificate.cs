using CatchUp.Tracking.Reproductions;

namespace CatchUp.Dashboard.Api;

/// <summary>A certificate with the SHA-256 of its content's bytes, as they stand in the answer.</summary>
internal sealed record ApiCertificate(string Sha256, Certificate Content)
{
    /// <summary>Written by hand: the content is sent to the byte as it was hashed.</summary>
    public static string Write(StoredCertificate certificate) => $"{{\"sha256\":\"{certificate.Sha256}\",\"content\":{certificate.Content}}}";
}
