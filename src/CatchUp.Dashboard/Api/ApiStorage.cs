using CatchUp.Tracking.Retention;

namespace CatchUp.Dashboard.Api;

/// <summary>Where the disk goes.</summary>
/// <param name="Policy">The server's own retention policy.</param>
/// <param name="Bytes">Of all artifacts, each counted once.</param>
/// <param name="Sweeps">Largest first.</param>
/// <param name="Retention">What would be freed.</param>
internal sealed record ApiStorage(string Policy, long Bytes, IReadOnlyList<SweepStorage> Sweeps, ApiRetention Retention)
{
    public static ApiStorage From(StorageOverview overview) => new(overview.Policy, overview.Bytes, overview.Sweeps, ApiRetention.From(overview.Plan, dry: true));
}
