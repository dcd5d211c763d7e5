namespace CatchUp.Tracking.Reproductions;

/// <summary>A certificate with its proof.</summary>
/// <param name="Content">It as JSON.</param>
/// <param name="Sha256">Of the content's UTF-8 bytes.</param>
public sealed record StoredCertificate(Certificate Certificate, string Content, string Sha256);
