using System.Globalization;
using System.Text.Json.Nodes;
using CatchUp.Search.Methods;
using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Ledger;

/// <summary>
/// A sweep's memory and its only decision maker. It is written at the end only, and everything it concludes is a function of the space,
/// the rules and the entries before: the same results in the same order give the same next trial, whatever crashed in between.
/// New entries are handed out by <see cref="Take"/>, to be stored in one transaction with what they cause; what was not stored before a
/// crash is concluded again, and alike. Not for use by several threads.
/// </summary>
public sealed class SearchLedger
{
    private readonly SearchSpace _first;

    private readonly ISearchMethod _method;

    private readonly Stopper? _stopper;

    private readonly List<LedgerEntry> _new = [];

    private readonly SortedSet<int> _toRetry = [], _waiting = [];

    private long _number;

    private int _pending, _failed;

    private bool _exhausted;

    /// <summary>A report whose decision is not yet in the ledger: between the two nothing else may stand.</summary>
    private LedgerEntry.Reported? _undecided;

    /// <exception cref="ArgumentException">The rules hold something impossible, or the space is no grid although the method is.</exception>
    public SearchLedger(SearchSpace space, SearchRules rules)
    {
        if (rules.Trials is < 1 or > SearchRules.MostTrials || rules.Goals.Count is 0 or > 8)
        {
            throw new ArgumentException($"A search has 1 to {SearchRules.MostTrials:N0} trials and 1 to 8 objectives.", nameof(rules));
        }

        if (rules.Stopping?.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(rules));
        }

        if (rules.Method == SearchMethod.Grid && GridMethod.Problem(space) is { } noGrid)
        {
            throw new ArgumentException(noGrid.Message, nameof(space));
        }

        (_first, Rules, Trials) = (space, rules, rules.Trials);
        _method = rules.CreateMethod();
        _stopper = rules.Stopping is { } stopping ? new Stopper(stopping, rules.Seed, rules.Goals[0]) : null;
        History = new SearchHistory(space, rules.Goals);
    }

    public SearchRules Rules { get; }

    public SearchHistory History { get; }

    /// <summary>How many trials the sweep has, with what it was extended by.</summary>
    public int Trials { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Number of the last entry.</summary>
    public long Length => _number;

    public LedgerStanding Standing => IsPaused ? LedgerStanding.Paused
        : _toRetry.Count > 0 || CanPropose ? LedgerStanding.Open
        : _pending > 0 ? LedgerStanding.Full
        : _waiting.Count > 0 ? LedgerStanding.Open
        : LedgerStanding.Complete;

    private bool CanPropose => !_exhausted && History.Trials.Count < Math.Min(SearchRules.MostTrials, Trials + (Rules.Failures.Replace ? Math.Min(_failed, Trials) : 0));

    /// <summary>The ledger that these entries make. Conclusions are taken as they stand: <see cref="Verify"/> checks them.</summary>
    /// <exception cref="LedgerException">An entry does not follow the one before, or names what is not there.</exception>
    public static SearchLedger Replay(SearchSpace space, SearchRules rules, IEnumerable<LedgerEntry> entries)
    {
        var ledger = new SearchLedger(space, rules);
        ledger.Follow(entries);
        ledger.DecideReported();
        return ledger;
    }

    /// <summary>
    /// Takes on entries that were stored after the last one here: a piece of a long ledger, or what another server has concluded. After the
    /// last piece comes <see cref="DecideReported"/>.
    /// </summary>
    /// <exception cref="LedgerException">An entry does not follow the one before, or names what is not there. The ledger is of no more use then.</exception>
    public void Follow(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (Problem(entry) is { } problem)
            {
                throw new LedgerException($"Entry {entry.Number}: {problem}");
            }

            Apply(entry);
        }
    }

    /// <summary>After a crash between a report and its decision the decision follows from the report.</summary>
    public void DecideReported()
    {
        if (_undecided is { } report)
        {
            Append(Conclude(report));
        }
    }

    /// <summary>Concludes everything again, and names the first entry that differs.</summary>
    public static LedgerVerification Verify(SearchSpace space, SearchRules rules, IEnumerable<LedgerEntry> entries)
    {
        var ledger = new SearchLedger(space, rules);
        return ledger.Mismatch(entries) ?? new(ledger._number, null, null);
    }

    /// <summary>The same of entries that come in pieces, so that a long ledger is never in memory as a whole.</summary>
    public static async Task<LedgerVerification> VerifyAsync(SearchSpace space, SearchRules rules, IAsyncEnumerable<IReadOnlyList<LedgerEntry>> pieces, CancellationToken cancellation)
    {
        var ledger = new SearchLedger(space, rules);
        await foreach (var piece in pieces.WithCancellation(cancellation))
        {
            if (ledger.Mismatch(piece.TakeWhile(_ => !cancellation.IsCancellationRequested)) is { } mismatch)
            {
                return mismatch;
            }

            cancellation.ThrowIfCancellationRequested();
        }

        return new(ledger._number, null, null);
    }

    /// <returns>The first entry that differs; null when all hold.</returns>
    private LedgerVerification? Mismatch(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (Problem(entry) is { } problem)
            {
                return new(_number, _number + 1, problem);
            }

            var expected = entry switch
            {
                LedgerEntry.Decided when _undecided is { } report => Conclude(report),
                LedgerEntry.Proposed or LedgerEntry.Retried or LedgerEntry.Decided => FindNext(),
                _ => entry,
            };
            if (expected is null)
            {
                return new(_number, entry.Number, $"Nothing was to be started here, and there is: {entry.ToLine()}");
            }

            var (should, stands) = ((expected with { Number = entry.Number }).ToLine(), entry.ToLine());
            if (should != stands)
            {
                return new(_number, entry.Number, $"This follows: {should} This stands: {stands}");
            }

            Apply(entry);
        }

        return null;
    }

    /// <summary>The entries that are new since the last call, to be stored in their order.</summary>
    public IReadOnlyList<LedgerEntry> Take()
    {
        LedgerEntry[] taken = [.. _new];
        _new.Clear();
        return taken;
    }

    /// <summary>
    /// What to start next: a new trial (<see cref="LedgerEntry.Proposed"/>), a failed one again (<see cref="LedgerEntry.Retried"/>), or
    /// a waiting one beyond its rung (<see cref="LedgerEntry.Decided"/>, which may also end it when no others will come). Null when
    /// there is nothing; <see cref="Standing"/> says why.
    /// </summary>
    public LedgerEntry? Next()
    {
        if (IsPaused)
        {
            return null;
        }

        var next = FindNext();
        return next is null ? null : Append(next);
    }

    /// <summary>A trial came to a rung. The same rung again (after a rewind, say) gives the decision that is recorded.</summary>
    /// <param name="trial">Its number.</param>
    /// <param name="ladder">Name of the ladder.</param>
    /// <param name="rung">Number of the rung from 0.</param>
    /// <param name="value">The first objective there; of several replicates, their mean. NaN for a diverged run.</param>
    /// <exception cref="LedgerException">There is no such rung, or the trial is not running.</exception>
    public RungDecision Report(int trial, string ladder, int rung, double value)
    {
        if (Find(trial)?.Decisions.LastOrDefault(decision => decision.Ladder == ladder && decision.Rung == rung) is { } recorded)
        {
            return recorded;
        }

        var report = (LedgerEntry.Reported)Append(new LedgerEntry.Reported(trial, ladder, rung, value));
        return ((LedgerEntry.Decided)Append(Conclude(report))).Decision;
    }

    /// <summary>A trial ended. The same end again changes nothing.</summary>
    /// <param name="trial">Its number.</param>
    /// <param name="values">One for each goal; NaN where there is none.</param>
    /// <exception cref="LedgerException">The trial is not running, ended otherwise, or the values are of another number.</exception>
    public void Finish(int trial, IReadOnlyList<double> values)
    {
        if (Find(trial) is { State: TrialState.Finished, Values: { } before } && before.SequenceEqual(values))
        {
            return;
        }

        Append(new LedgerEntry.Finished(trial, [.. values]));
    }

    /// <summary>A trial failed; the policy says what follows.</summary>
    /// <exception cref="LedgerException">The trial is not running.</exception>
    public void Fail(int trial, string reason, bool final = false) => Append(new LedgerEntry.Failed(trial, reason.Length > 500 ? reason[..500] : reason, final));

    /// <summary>Adds trials to the sweep.</summary>
    /// <exception cref="LedgerException">They would be more than a sweep can have.</exception>
    public void Extend(int trials) => Append(new LedgerEntry.Extended(trials));

    /// <summary>Continues in a smaller space. What is known of trials within it still counts; those running outside it go on.</summary>
    /// <param name="space">The space as a sweep file writes it, with the same parameters.</param>
    /// <param name="constraints">All constraints, those before among them.</param>
    /// <exception cref="LedgerException">The space is bad, or not within the one before.</exception>
    public void Narrow(JsonObject space, IReadOnlyList<string>? constraints = null) => Append(new LedgerEntry.Narrowed((JsonObject)space.DeepClone(), [.. constraints ?? []]));

    /// <summary>Starts nothing more until <see cref="Resume"/>; what runs goes on.</summary>
    public void Pause()
    {
        if (!IsPaused)
        {
            Append(new LedgerEntry.Paused());
        }
    }

    public void Resume()
    {
        if (IsPaused)
        {
            Append(new LedgerEntry.Resumed());
        }
    }

    private LedgerEntry? FindNext()
    {
        if (_toRetry.Count > 0)
        {
            return new LedgerEntry.Retried(_toRetry.Min, History.Trials[_toRetry.Min].Failures + 1);
        }

        if (_waiting.Count > 0 && _stopper!.Promotion(trial => Waiting(trial)) is { } promotion)
        {
            return new LedgerEntry.Decided(promotion.Trial, promotion.Decision);
        }

        if (CanPropose)
        {
            var suggestion = _method.Suggest(History, History.Trials.Count);
            if (suggestion.Configuration is { } configuration)
            {
                return new LedgerEntry.Proposed(History.Trials.Count, configuration.ToJson(), suggestion.Reason);
            }

            // Narrowing and failures can only take configurations away, so nothing will be found later either.
            _exhausted = true;
        }

        if (_waiting.Count > 0 && _pending == 0)
        {
            return new LedgerEntry.Decided(_waiting.Min, _stopper!.Close(_waiting.Min, Waiting(_waiting.Min)!));
        }

        return null;
    }

    private RungDecision? Waiting(int trial) => History.Trials[trial] is { State: TrialState.Waiting } record ? record.Decisions[^1] : null;

    private LedgerEntry.Decided Conclude(LedgerEntry.Reported report) => new(report.Trial, _stopper!.Decide(report.Trial, LadderOf(report.Ladder)!.Value, report.Rung, report.Value));

    private LedgerEntry Append(LedgerEntry entry)
    {
        entry = entry with { Number = _number + 1 };
        if (Problem(entry) is { } problem)
        {
            throw new LedgerException(problem);
        }

        Apply(entry);
        _new.Add(entry);
        return entry;
    }

    /// <summary>What keeps an entry from following the ones before; null when it does.</summary>
    private string? Problem(LedgerEntry entry)
    {
        if (entry.Number != _number + 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Number {_number + 1} is expected here, and this is {entry.Number}.");
        }

        if (_undecided is { } report && entry is not LedgerEntry.Decided)
        {
            return $"The decision about trial {report.Trial} is expected here.";
        }

        return entry switch
        {
            LedgerEntry.Proposed proposed => proposed.Trial != History.Trials.Count ? $"Trial {History.Trials.Count} is expected here, and this is {proposed.Trial}."
                : History.Space.Decode(proposed.Configuration) is null ? $"The configuration of trial {proposed.Trial} does not lie in the space." : null,
            LedgerEntry.Retried retried => _toRetry.Contains(retried.Trial) ? null : $"Trial {retried.Trial} is not to be tried again.",
            LedgerEntry.Reported reported => LadderOf(reported.Ladder) is not { } ladder || !Rules.Stopping!.RungsOf(ladder, reported.Trial).Contains(reported.Rung) ? $"Trial {reported.Trial} has no rung {reported.Rung} of {reported.Ladder}." : Running(reported.Trial),
            LedgerEntry.Decided decided => _undecided is null && Find(decided.Trial)?.State != TrialState.Waiting ? $"Nothing is to be decided about trial {decided.Trial}."
                : _undecided is not null && _undecided.Trial != decided.Trial ? $"The decision about trial {_undecided.Trial} is expected here." : null,
            LedgerEntry.Finished finished => finished.Values.Count != Rules.Goals.Count ? $"{Rules.Goals.Count} values are expected, and these are {finished.Values.Count}." : Running(finished.Trial),
            LedgerEntry.Failed failed => Running(failed.Trial),
            LedgerEntry.Extended extended => extended.Trials < 1 || (long)Trials + extended.Trials > SearchRules.MostTrials ? string.Create(CultureInfo.InvariantCulture, $"A sweep has at most {SearchRules.MostTrials:N0} trials and is extended by 1 at least.") : null,
            LedgerEntry.Narrowed narrowed => Narrower(narrowed, out _),
            _ => null,
        };
    }

    private void Apply(LedgerEntry entry)
    {
        _number = entry.Number;
        switch (entry)
        {
            case LedgerEntry.Proposed proposed:
                History.Add(History.Space.Decode(proposed.Configuration)!, proposed.Reason);
                _pending++;
                break;
            case LedgerEntry.Retried retried:
                _toRetry.Remove(retried.Trial);
                History.Settle(History.Trials[retried.Trial], TrialState.Pending);
                _pending++;
                break;
            case LedgerEntry.Reported reported:
                _undecided = reported;
                break;
            case LedgerEntry.Decided decided:
                Apply(decided);
                break;
            case LedgerEntry.Finished finished:
                History.Trials[finished.Trial].Values = finished.Values.ToArray();
                History.Settle(History.Trials[finished.Trial], TrialState.Finished);
                _pending--;
                break;
            case LedgerEntry.Failed failed:
                Apply(failed);
                break;
            case LedgerEntry.Extended extended:
                Trials += extended.Trials;
                break;
            case LedgerEntry.Narrowed narrowed:
                Narrower(narrowed, out var space);
                History.Narrow(space!);
                break;
            default:
                IsPaused = entry is LedgerEntry.Paused;
                break;
        }
    }

    private void Apply(LedgerEntry.Decided decided)
    {
        var trial = History.Trials[decided.Trial];
        if (_undecided is { } report)
        {
            _stopper!.Record(report.Trial, LadderOf(report.Ladder)!.Value, report.Rung, report.Value);
            _undecided = null;
            _pending--;
        }
        else
        {
            _waiting.Remove(decided.Trial);
        }

        trial.Add(decided.Decision);
        var state = decided.Decision.Outcome switch
        {
            RungOutcome.Promote => TrialState.Pending,
            RungOutcome.Wait => TrialState.Waiting,
            _ => TrialState.Pruned,
        };
        _pending += state == TrialState.Pending ? 1 : 0;
        History.Settle(trial, state);
        if (state == TrialState.Waiting)
        {
            _waiting.Add(decided.Trial);
        }
    }

    private void Apply(LedgerEntry.Failed failed)
    {
        var trial = History.Trials[failed.Trial];
        trial.Failures++;
        trial.Failure = failed.Reason;
        History.Settle(trial, TrialState.Failed);
        _pending--;
        if (!failed.Final && trial.Failures <= Rules.Failures.Retries)
        {
            _toRetry.Add(failed.Trial);
        }
        else
        {
            _failed++;
        }
    }

    private string? Narrower(LedgerEntry.Narrowed narrowed, out SearchSpace? space)
    {
        var reading = SpaceReader.Read(narrowed.Space, narrowed.Constraints, constants: _first.Constants);
        space = reading.Space;
        return space is null ? $"{reading.Problems[0].Path}: {reading.Problems[0].Message}" : Wider(History.Space, space);
    }

    /// <summary>Where a space reaches beyond the one before; null when it does not.</summary>
    private static string? Wider(SearchSpace before, SearchSpace space)
    {
        foreach (var parameter in space.Parameters)
        {
            if (before.IndexOf(parameter.Path) is not { } index || !before.Parameters[index].Contains(parameter))
            {
                return $"space.{parameter.Path} reaches beyond the space before. A sweep can be narrowed only; clone it to search elsewhere.";
            }

            if (Conditions(parameter) != Conditions(before.Parameters[index]))
            {
                return $"space.{parameter.Path} exists under other conditions than before. Keep its when; clone the sweep to search elsewhere.";
            }
        }

        // A parameter whose condition can no longer be met goes with it.
        if (before.Parameters.FirstOrDefault(parameter => space.IndexOf(parameter.Path) is null && parameter.When.All(space.CanMeet)) is { } missing)
        {
            return $"space.{missing.Path} is missing. Write {{ fixed: … }} for a parameter that is decided.";
        }

        return before.Constraints.FirstOrDefault(constraint => !space.Constraints.Any(other => other.Text == constraint.Text)) is { } dropped
            ? $"The constraint {dropped.Text} is missing. A sweep can be narrowed only; clone it to search elsewhere." : null;
    }

    private static string Conditions(Parameter parameter) => string.Join(';', parameter.When.Select(condition => $"{condition.Path}:{string.Join(',', condition.Values.Select(value => value.ToJsonString()))}"));

    private int? LadderOf(string name)
    {
        for (var index = 0; index < Rules.Stopping?.Ladders.Count; index++)
        {
            if (Rules.Stopping.Ladders[index].Resource == name)
            {
                return index;
            }
        }

        return null;
    }

    private TrialRecord? Find(int trial) => trial >= 0 && trial < History.Trials.Count ? History.Trials[trial] : null;

    private string? Running(int trial) => Find(trial) is not { } record ? $"There is no trial {trial}."
        : record.State == TrialState.Pending ? null
        : $"Trial {trial} is not running: it is {record.State.ToString().ToLowerInvariant()}, and results are not added by hand.";
}
