using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CatchUp.Dashboard.Api;

internal sealed record ApiHealth(HealthStatus Status, IReadOnlyDictionary<string, ApiHealthCheck> Checks);

internal sealed record ApiHealthCheck(HealthStatus Status, string? Description);
