using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Files whose last row may be gone.</summary>
internal static class ReleasedArtifacts
{
    /// <summary>Deletes those that nothing refers to. Called after the commit that removed the rows: a file too many does no harm, a missing one does.</summary>
    /// <returns>The bytes freed.</returns>
    public static async Task<long> DeleteAsync(TrackingDatabase database, ArtifactDirectory artifacts, IEnumerable<string> released, CancellationToken cancellation)
    {
        var bytes = 0L;
        foreach (var sha256 in released.Distinct())
        {
            if (!await database.ReadAsync(context => IsReferencedAsync(context, sha256, cancellation), cancellation))
            {
                bytes += artifacts.Delete(sha256);
            }
        }

        return bytes;
    }

    private static async Task<bool> IsReferencedAsync(CatchUpContext context, string sha256, CancellationToken cancellation)
        => await context.Samples.AnyAsync(sample => sample.Sha256 == sha256, cancellation)
            || await context.SamplePictures.AnyAsync(picture => picture.Sha256 == sha256, cancellation)
            || await context.Checkpoints.AnyAsync(checkpoint => checkpoint.Sha256 == sha256, cancellation)
            || await context.ReportImages.AnyAsync(image => image.Sha256 == sha256, cancellation);
}
