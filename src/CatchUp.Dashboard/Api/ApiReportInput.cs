namespace CatchUp.Dashboard.Api;

/// <summary>A report as a request brings it.</summary>
/// <param name="Text">Markdown.</param>
/// <param name="Version">The version that it was written over; for new ones nothing.</param>
internal sealed record ApiReportInput(string? Title, string? Text, int? Version);
