using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

/// <summary>Says which of the workers that ask for runs may have one.</summary>
internal sealed class WorkerAdmission(DatabaseDialect dialect, IReadOnlyList<RequestRun> requests)
{
    private readonly Dictionary<Guid, WorkerStanding> _lives = [];
    private readonly Dictionary<string, (long LastSeen, WorkerStanding Standing)> _names = new(StringComparer.Ordinal);

    public Sql.Question Question
    {
        get
        {
            var (known, incarnations) = dialect.OneOf("incarnation", "incarnation", requests.Select(request => request.Incarnation).Distinct());
            var (named, names) = dialect.OneOf("name", "worker", requests.Select(request => Name(request)).Distinct());
            return new(
                $"SELECT incarnation, name, standing, last_seen FROM workers WHERE {known} OR {named}",
                row =>
                {
                    var (name, standing, seen) = (row.GetString(1), Enum.Parse<WorkerStanding>(row.GetString(2)), row.GetInt64(3));
                    _lives[row.GetGuid(0)] = standing;
                    if (!_names.TryGetValue(name, out var last) || last.LastSeen < seen)
                    {
                        _names[name] = (seen, standing);
                    }
                },
                [.. incarnations, .. names]);
        }
    }

    /// <returns>Why nothing is said to this worker; null when it may have its answer.</returns>
    public string? FindRefusal(RequestRun request)
        => WorkerContract.Refusal(request.Contract) ?? (_lives.TryGetValue(request.Incarnation, out var standing) && standing == WorkerStanding.Removed ? "The worker was removed." : null);

    /// <summary>A drained worker gets no more runs, also when it was started again. One that has been given a run is still told so.</summary>
    public bool IsDraining(RequestRun request)
        => (_lives.TryGetValue(request.Incarnation, out var standing) ? standing : _names.GetValueOrDefault(Name(request)).Standing) == WorkerStanding.Draining;

    private static string Name(RequestRun request) => CleanText.Line(request.Worker, 200);

    /// <summary>The worker of that name which was heard of last.</summary>
    public static Task<WorkerEntity?> LastLifeAsync(CatchUpContext context, string name, CancellationToken cancellation) =>
        context.Workers.AsNoTracking().Where(worker => worker.Name == name).OrderByDescending(worker => worker.LastSeen).FirstOrDefaultAsync(cancellation);
}
