using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Queue;

/// <summary>What requests, or the slots they are for, have been given already.</summary>
internal sealed class AnsweredRequests(IReadOnlyList<RequestRun> requests)
{
    private readonly Dictionary<Guid, RunQueue.Claim> _answers = [];
    private readonly Dictionary<(Guid Incarnation, int Slot), (long Run, int Number)> _held = [];

    public IEnumerable<Sql.Question> Questions
    {
        get
        {
            var (ids, idParameters) = Sql.In("request", requests.Select(request => request.RequestId));
            yield return new(
                $"SELECT request_id, run_id, number, CASE WHEN live THEN assignment END FROM attempts WHERE request_id IN {ids}",
                row => _answers[row.GetGuid(0)] = row.IsDBNull(3)
                    ? new RunQueue.Claim(null, $"This request was answered with attempt {row.GetInt32(2)} of run {row.GetInt64(1)}, which has ended.")
                    : new RunQueue.Claim(JsonSerializer.Deserialize<RunAssigned>(row.GetString(3), ContractJson.Options), null),
                idParameters);
            var (incarnations, incarnationParameters) = Sql.In("incarnation", requests.Select(request => request.Incarnation).Distinct());
            yield return new(
                $"SELECT incarnation, slot, run_id, number FROM attempts WHERE live AND incarnation IN {incarnations}",
                row => _held[(row.GetGuid(0), row.GetInt32(1))] = (row.GetInt64(2), row.GetInt32(3)), incarnationParameters);
        }
    }

    /// <returns>The request's answer; null when it has none yet.</returns>
    public RunQueue.Claim? Find(RequestRun request)
    {
        if (_answers.TryGetValue(request.RequestId, out var answer))
        {
            return answer;
        }

        return _held.TryGetValue((request.Incarnation, request.Slot), out var held)
            ? new RunQueue.Claim(null, $"The slot still holds attempt {held.Number} of run {held.Run}, until that ends or its lease runs out.")
            : null;
    }
}
