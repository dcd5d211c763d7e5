using CatchUp.Tracking.Sweeps;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CatchUp.Dashboard.Api;

/// <summary>The database answers.</summary>
internal sealed class DatabaseHealth(SweepStore sweeps) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await sweeps.ListAsync(null, archived: false, 0, 1, cancellationToken);
            return HealthCheckResult.Healthy("It answers.");
        }
#pragma warning disable CA1031 // Whatever is wrong with it, it does not answer.
        catch (Exception problem) when (problem is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return HealthCheckResult.Unhealthy("It does not answer.", problem);
        }
    }
}
