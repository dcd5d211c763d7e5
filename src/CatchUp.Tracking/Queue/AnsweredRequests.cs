using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Queue;

/// <summary>What requests, or the slots they are for, have been given already.</summary>
internal sealed class AnsweredRequests(DatabaseDialect dialect, IReadOnlyList<RequestRun> requests)
{
    private readonly Dictionary<Guid, QueueAnswer> _answers = [];
    private readonly Dictionary<(Guid Incarnation, int Slot), (long Run, int Number)> _held = [];

    public IEnumerable<Sql.Question> Questions
    {
        get
        {
            var (asked, ids) = dialect.OneOf("a.request_id", "request", requests.Select(request => request.RequestId));
            yield return new(
                $"SELECT a.request_id, a.run_id, a.number, CASE WHEN a.live THEN a.assignment END, r.specification FROM attempts a JOIN runs r ON r.id = a.run_id WHERE {asked}",
                row => _answers[row.GetGuid(0)] = row.IsDBNull(3)
                    ? QueueAnswer.Nothing($"This request was answered with attempt {row.GetInt32(2)} of run {row.GetInt64(1)}, which has ended.")
                    : QueueAnswer.Of(Assignment.Read(row.GetString(3)), row.GetString(4)),
                ids);
            var (theirs, incarnations) = dialect.OneOf("incarnation", "incarnation", requests.Select(request => request.Incarnation).Distinct());
            yield return new(
                $"SELECT incarnation, slot, run_id, number FROM attempts WHERE live AND {theirs}",
                row => _held[(row.GetGuid(0), row.GetInt32(1))] = (row.GetInt64(2), row.GetInt32(3)), incarnations);
        }
    }

    /// <returns>The request's answer; null when it has none yet.</returns>
    public QueueAnswer? Find(RequestRun request)
    {
        if (_answers.TryGetValue(request.RequestId, out var answer))
        {
            return answer;
        }

        return _held.TryGetValue((request.Incarnation, request.Slot), out var held)
            ? QueueAnswer.Nothing($"The slot still holds attempt {held.Number} of run {held.Run}, until that ends or its lease runs out.")
            : null;
    }
}
