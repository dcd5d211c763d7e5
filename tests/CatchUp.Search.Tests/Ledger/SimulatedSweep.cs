using System.Text.Json.Nodes;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Tests.Ledger;

/// <summary>
/// A sweep on a few slots whose trials are decided by their configuration: each walks up its rungs and ends or fails. Entries are
/// stored as lines when a step of the outside has ended; a kill loses the ledger and what was not stored, and the sweep goes on from the lines.
/// </summary>
public sealed class SimulatedSweep(SearchSpace space, SearchRules rules, int slots)
{
    public const string Space = """
        {
          "kind": ["a", "b"],
          "rate": { "logUniform": [1e-5, 1] },
          "width": { "integer": [1, 32], "when": { "kind": "b" } }
        }
        """;

    private readonly List<(int Trial, int Rung)> _running = [];

    private SearchLedger _ledger = new(space, rules);

    public List<string> Lines { get; } = [];

    public SearchLedger Ledger => _ledger;

    public static SearchRules Rules(bool waits, bool brackets = false, SearchMethod method = SearchMethod.Tpe, int trials = 40, double spared = 0.2) => new()
    {
        Method = method,
        Seed = 11,
        Trials = trials,
        Tpe = new() { StartUp = 6 },
        Stopping = new StoppingRules { Ladders = [Ladder.Geometric("steps", 10, 270)], Waits = waits, Brackets = brackets, SparedShare = spared },
        Failures = new FailurePolicy(Retries: 1, Replace: true),
    };

    public static SearchSpace ReadSpace() => SpaceReader.Read(JsonNode.Parse(Space)!.AsObject()).Space!;

    public void Run(Func<int, bool> kill)
    {
        for (var step = 0; step < 5000; step++)
        {
            if (kill(step))
            {
                // What was concluded and not stored is lost; a line may be torn.
                _ledger.Next();
                _ledger = SearchLedger.Replay(space, rules, Lines.Select(LedgerEntry.FromLine));
            }

            if (!Step(step))
            {
                return;
            }

            Lines.AddRange(_ledger.Take().Select(entry => entry.ToLine()));
        }

        throw new InvalidOperationException("The sweep does not end.");
    }

    /// <summary>How good a trial is after a part of its budget: it approaches its end from above, and a few mislead.</summary>
    public static double Value(JsonObject configuration, double part)
    {
        var rate = Math.Log10(double.Parse(configuration["rate"]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture));
        var width = configuration["width"] is { } node ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : 16;
        var end = Math.Abs(rate + 2) + (Math.Abs(width - 20) / 16);
        return end + ((1 - part) * (2 + Math.Sin(rate * 50)));
    }

    private bool Step(int step)
    {
        if (_running.Count < slots && _ledger.Next() is { } next)
        {
            switch (next)
            {
                case LedgerEntry.Proposed proposed:
                    _running.Add((proposed.Trial, rules.Stopping is null ? 0 : rules.Stopping.BracketOf(proposed.Trial)));
                    break;
                case LedgerEntry.Retried retried:
                    _running.Add((retried.Trial, rules.Stopping is null ? 0 : rules.Stopping.BracketOf(retried.Trial)));
                    break;
                case LedgerEntry.Decided { Decision.Outcome: RungOutcome.Promote } decided:
                    _running.Add((decided.Trial, decided.Decision.Rung + 1));
                    break;
            }

            return true;
        }

        if (_running.Count == 0)
        {
            return false;
        }

        var at = step * 7 % _running.Count;
        var (trial, rung) = _running[at];
        _running.RemoveAt(at);
        var record = _ledger.History.Trials[trial];
        var ladder = rules.Stopping?.Ladders[0];
        if (trial % 9 == 4 && rung == 1 && record.Failures < 1 + (trial % 2))
        {
            _ledger.Fail(trial, "out of memory");
        }
        else if (ladder is not null && rung < ladder.Levels.Count)
        {
            var decision = _ledger.Report(trial, ladder.Resource, rung, Value(record.Configuration.ToJson(), ladder.Levels[rung] / 270.0));
            if (decision.Outcome == RungOutcome.Promote)
            {
                _running.Add((trial, rung + 1));
            }
        }
        else
        {
            _ledger.Finish(trial, [Value(record.Configuration.ToJson(), 1), .. Enumerable.Repeat(0.0, rules.Goals.Count - 1)]);
        }

        return true;
    }
}
