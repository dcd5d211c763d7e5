using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

/// <summary>Says who may ask for runs.</summary>
internal sealed class WorkerAdmission(TrackingDatabase database)
{
    /// <returns>Why the worker gets no run now; null when it may have one.</returns>
    public async Task<string?> FindRefusalAsync(RequestRun request, CancellationToken cancellation)
    {
        if (WorkerContract.Refusal(request.Contract) is { } refusal)
        {
            return refusal;
        }

        var name = CleanText.Line(request.Worker, 200);
        var worker = await database.ReadAsync(
            async context => await context.Workers.FirstOrDefaultAsync(w => w.Incarnation == request.Incarnation, cancellation) ?? await LastLifeAsync(context, name, cancellation),
            cancellation);
        return worker switch
        {
            { Standing: WorkerStanding.Draining } => "The worker is draining.",
            { Standing: WorkerStanding.Removed } when worker.Incarnation == request.Incarnation => "The worker was removed.",
            _ => null,
        };
    }

    /// <summary>The worker of that name which was heard of last.</summary>
    public static Task<WorkerEntity?> LastLifeAsync(CatchUpContext context, string name, CancellationToken cancellation) =>
        context.Workers.AsNoTracking().Where(worker => worker.Name == name).OrderByDescending(worker => worker.LastSeen).FirstOrDefaultAsync(cancellation);
}
