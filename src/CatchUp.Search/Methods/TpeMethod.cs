using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Methods;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al., 2011): trials are split into the good and the others, a density is fitted to
/// each, and of some candidates drawn from the good ones' the one with the highest ratio of the two is proposed. Densities are joint
/// over the parameters that exist together (Falkner et al., BOHB, 2018, and its kernels), one group after the other where some depend
/// on others. Trials still running count among the others, so that parallel proposals keep apart (a constant liar: Ginsbourger et al.,
/// 2010). With several objectives the good are the best fronts, the last of them by hypervolume (MOTPE: Ozaki et al., 2020). Pruned
/// trials rank after finished ones, the further they came the better; failed ones last.
/// Cost and memory per proposal are bounded by <see cref="TpeOptions.MostGood"/> and <see cref="TpeOptions.MostOthers"/>.
/// </summary>
public sealed class TpeMethod(int seed, TpeOptions? options = null) : ISearchMethod
{
    /// <summary>Whole configurations built before giving up on constraints.</summary>
    private const int Attempts = 20;

    /// <summary>Draws for each candidate wanted.</summary>
    private const int Draws = 20;

    private readonly TpeOptions _options = options ?? new();

    private readonly RandomMethod _random = new(seed);

    private readonly SobolMethod _sobol = new(seed);

    /// <summary>What is remembered from one proposal to the next; it can be made anew from the history at any time.</summary>
    private (SearchHistory History, int Epoch, IReadOnlyList<IReadOnlyList<int>> Groups, TrialSplit[] Splits)? _memory;

    public Suggestion Suggest(SearchHistory history, int trial)
    {
        if (history.Known < _options.StartUp)
        {
            var first = _options.QuasiRandomStart ? _sobol.Suggest(history, trial) : _random.Suggest(history, trial);
            return first with { Reason = first.Reason with { StartUp = true, Known = history.Known, Needed = _options.StartUp } };
        }

        if (_memory is not { } memory || memory.History != history || memory.Epoch != history.Epoch)
        {
            var made = history.Space.Groups();
            _memory = memory = (history, history.Epoch, made, [.. made.Select(group => new TrialSplit(history, group[0], _options))]);
        }

        var groups = memory.Groups;
        var random = new CounterRandom(seed, trial, Purposes.Tpe);
        var models = new GroupModel?[groups.Count];
        var rejected = 0;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (Build(history, groups, memory.Splits, models, ref random, ref rejected) is { } suggestion)
            {
                return suggestion;
            }
        }

        var fallback = _random.Suggest(history, trial);
        return fallback with { Reason = fallback.Reason with { Rejected = fallback.Reason.Rejected + rejected } };
    }

    private Suggestion? Build(SearchHistory history, IReadOnlyList<IReadOnlyList<int>> groups, TrialSplit[] splits, GroupModel?[] models, ref CounterRandom random, ref int rejected)
    {
        var space = history.Space;
        var values = new double[space.Parameters.Count];
        Array.Fill(values, double.NaN);
        var ratios = new Dictionary<string, double>();
        var sum = 0.0;
        GroupModel? root = null;
        for (var at = 0; at < groups.Count; at++)
        {
            var group = groups[at];
            if (!space.Exists(group[0], values))
            {
                continue;
            }

            var model = models[at] ??= new GroupModel(history, group, splits[at]);
            root ??= model;
            double[]? best = null;
            var bestRatio = double.NegativeInfinity;
            var found = 0;
            // Constraints and repetitions are seen in whole configurations: with one group, in each candidate.
            for (var draw = 0; draw < _options.Candidates * Draws && found < _options.Candidates; draw++)
            {
                var candidate = model.Draw(ref random);
                if (groups.Count == 1 && !IsNew(history, candidate))
                {
                    rejected++;
                    continue;
                }

                found++;
                var ratio = model.LogRatio(candidate);
                if (ratio > bestRatio)
                {
                    (best, bestRatio) = (candidate, ratio);
                }
            }

            if (best is null)
            {
                return null;
            }

            for (var member = 0; member < group.Count; member++)
            {
                values[group[member]] = best[member];
                ratios[space.Parameters[group[member]].Path] = Round(Math.Exp(model.LogRatio(best, member)));
            }

            sum += bestRatio;
        }

        var configuration = new Configuration(space, values);
        if (groups.Count > 1 && (!space.Satisfies(configuration) || history.HasTried(configuration)))
        {
            rejected++;
            return null;
        }

        return new Suggestion(configuration, new ProposalReason
        {
            Kind = ReasonKind.DensityRatio,
            Good = root?.Good,
            Others = root?.Others,
            Pending = root?.Pending,
            Candidates = _options.Candidates,
            LogRatio = Round(sum),
            Ratios = ratios,
            Rejected = rejected,
        });

        bool IsNew(SearchHistory past, double[] candidate)
        {
            var all = new double[space.Parameters.Count];
            for (var member = 0; member < candidate.Length; member++)
            {
                all[groups[0][member]] = candidate[member];
            }

            var whole = new Configuration(space, all);
            return space.Satisfies(whole) && !past.HasTried(whole);
        }
    }

    private static double Round(double value) => Math.Round(value, 6);

    /// <summary>The two densities over the parameters of one group.</summary>
    private sealed class GroupModel
    {
        private readonly ParzenEstimator _good, _others;

        public GroupModel(SearchHistory history, IReadOnlyList<int> group, TrialSplit split)
        {
            var (good, others, pending) = split.Now();
            (Good, Others, Pending) = (good.Count, others.Count, pending);
            var parameters = group.Select(index => history.Space.Parameters[index]).ToArray();
            _good = new ParzenEstimator(parameters, Values(good, group));
            _others = new ParzenEstimator(parameters, Values(others, group));
        }

        public int Good { get; }

        public int Others { get; }

        public int Pending { get; }

        public double[] Draw(ref CounterRandom random) => _good.Draw(ref random);

        public double LogRatio(double[] values) => _good.LogDensity(values) - _others.LogDensity(values);

        public double LogRatio(double[] values, int member) => _good.LogDensity(values, member) - _others.LogDensity(values, member);

        private static double[][] Values(IReadOnlyList<TrialRecord> trials, IReadOnlyList<int> group) =>
            [.. trials.Select(trial => group.Select(index => trial.Current!.Values[index]).ToArray())];
    }
}
