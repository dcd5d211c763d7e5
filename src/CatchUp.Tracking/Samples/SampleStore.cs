using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Samples;

public sealed class SampleStore
{
    private readonly TrackingDatabase _database;
    private readonly ArtifactDirectory _artifacts;

    internal SampleStore(TrackingDatabase database, ArtifactDirectory artifacts)
    {
        _database = database;
        _artifacts = artifacts;
    }

    /// <summary>The run's grids, by step, solver, NFE and head.</summary>
    public Task<IReadOnlyList<SampleGrid>> ListAsync(long run, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<SampleGrid>>(
        async context =>
        {
            var entities = await context.Samples
                .Where(s => s.RunId == run)
                .OrderBy(s => s.Step).ThenBy(s => s.Solver).ThenBy(s => s.Nfe).ThenBy(s => s.Head).ThenBy(s => s.NoiseBank)
                .ToListAsync(cancellation);
            return entities.ConvertAll(From);
        },
        cancellation);

    internal static SampleGrid From(SampleEntity sample) => new(
        sample.Id, sample.RunId, sample.Step, sample.Solver, sample.Nfe, sample.Head, sample.NoiseBank, sample.Rows, sample.Columns, sample.CellWidth, sample.CellHeight, sample.Sha256, new DateTimeOffset(sample.At, TimeSpan.Zero));

    /// <summary>The PNG of a grid; null when there is none of that id in that run. The caller disposes it.</summary>
    public async Task<Stream?> OpenAsync(long run, long sample, CancellationToken cancellation)
    {
        var sha256 = await _database.ReadAsync(
            context => context.Samples.Where(s => s.Id == sample && s.RunId == run).Select(s => s.Sha256).FirstOrDefaultAsync(cancellation), cancellation);
        return sha256 is null ? null : _artifacts.Open(sha256);
    }
}
