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

    /// <summary>Grids that are read of several runs at once, at most.</summary>
    public const int MaximumGrids = 20_000;

    /// <summary>The run's grids, by step, solver, NFE and head.</summary>
    public Task<IReadOnlyList<SampleGrid>> ListAsync(long run, CancellationToken cancellation) => ListAsync([run], cancellation);

    /// <summary>The grids of several runs, read at once: by run, step, solver, NFE and head; the latest steps of all when there are more than <see cref="MaximumGrids"/>.</summary>
    public Task<IReadOnlyList<SampleGrid>> ListAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<SampleGrid>>(
        async context =>
        {
            var grids = await context.Samples
                .Where(s => runs.Contains(s.RunId))
                .OrderByDescending(s => s.Step).ThenBy(s => s.Id)
                .Take(MaximumGrids)
                .ToListAsync(cancellation);
            var beside = await context.SamplePictures
                .Join(context.Samples.Where(s => runs.Contains(s.RunId)), picture => picture.SampleId, sample => sample.Id, (picture, _) => new { picture.SampleId, picture.Kind })
                .ToListAsync(cancellation);
            var kinds = beside.ToLookup(picture => picture.SampleId, picture => picture.Kind);
            return
            [
                .. grids
                    .OrderBy(s => s.RunId).ThenBy(s => s.Step).ThenBy(s => s.Solver, StringComparer.Ordinal).ThenBy(s => s.Nfe).ThenBy(s => s.Head).ThenBy(s => s.NoiseBank)
                    .Select(s => From(s) with { HasNeighbours = kinds[s.Id].Contains(SamplePictureKind.Neighbours), HasTrajectory = kinds[s.Id].Contains(SamplePictureKind.Trajectory) }),
            ];
        },
        cancellation);

    /// <summary>Ids of a sweep's runs that have grids.</summary>
    public Task<IReadOnlyList<long>> RunsWithAsync(long sweep, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<long>>(
        async context => await context.Runs.Where(run => run.SweepId == sweep && context.Samples.Any(s => s.RunId == run.Id)).OrderBy(run => run.Id).Select(run => run.Id).ToListAsync(cancellation),
        cancellation);

    /// <summary>A grid with what is stored beside it; null when there is none of that id in that run.</summary>
    public Task<SampleDetails?> FindAsync(long run, long sample, CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            if (await context.Samples.FirstOrDefaultAsync(s => s.Id == sample && s.RunId == run, cancellation) is not { } found)
            {
                return null;
            }

            var pictures = await context.SamplePictures.Where(picture => picture.SampleId == sample).ToListAsync(cancellation);
            var neighbours = SamplePictures.Read<NearestImages>(pictures, SamplePictureKind.Neighbours);
            var trajectories = SamplePictures.Read<SampleTrajectories>(pictures, SamplePictureKind.Trajectory);
            return new SampleDetails(From(found) with { HasNeighbours = neighbours is not null, HasTrajectory = trajectories is not null }, neighbours, trajectories);
        },
        cancellation);

    /// <summary>The PNG of a grid, or a picture beside it, with its SHA-256; null when there is none of that id in that run. The caller disposes it.</summary>
    public async Task<(Stream Png, string Sha256)?> OpenAsync(long run, long sample, SamplePictureKind? beside, CancellationToken cancellation)
    {
        var sha256 = await _database.ReadAsync(
            context => beside is { } kind
                ? context.SamplePictures.Where(p => p.SampleId == sample && p.Kind == kind && context.Samples.Any(s => s.Id == sample && s.RunId == run)).Select(p => p.Sha256).FirstOrDefaultAsync(cancellation)
                : context.Samples.Where(s => s.Id == sample && s.RunId == run).Select(s => s.Sha256).FirstOrDefaultAsync(cancellation),
            cancellation);
        return sha256 is not null && _artifacts.Open(sha256) is { } png ? (png, sha256) : null;
    }

    internal static SampleGrid From(SampleEntity sample) => new(
        sample.Id, sample.RunId, sample.Step, sample.Solver, sample.Nfe, sample.Head, sample.NoiseBank, sample.Rows, sample.Columns, sample.CellWidth, sample.CellHeight, sample.Sha256, new DateTimeOffset(sample.At, TimeSpan.Zero));
}
