using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Compares numbers about images that have the same identity.</summary>
internal static class EvaluationComparison
{
    /// <param name="specification">The two runs'.</param>
    /// <param name="original">The original's.</param>
    /// <param name="reproduction">The reproduction's.</param>
    /// <param name="reach">The step up to which both runs have what they should.</param>
    public static ComparedEvaluations Compare(EvaluationSpecification specification, IReadOnlyList<EvaluationEntity> original, IReadOnlyList<EvaluationEntity> reproduction, long reach)
    {
        var (left, right) = (ByIdentity(original), ByIdentity(reproduction));
        var (leftAnyhow, rightAnyhow) = (left.Keys.Select(Anyhow).ToHashSet(), right.Keys.Select(Anyhow).ToHashSet());
        int identical = 0, extra = 0, unlike = 0;
        List<ComparedEvaluation> different = [], missing = [];
        double? absolute = null, relative = null;
        foreach (var (identity, made) in left)
        {
            if (right.TryGetValue(identity, out var again))
            {
                var (a, b) = (Point.ValueOf(made.Value, made.Kind), Point.ValueOf(again.Value, again.Kind));
                if (PointComparison.AreSame(a, b))
                {
                    identical++;
                    continue;
                }

                different.Add(new(made.Step, made.Solver, made.Nfe, made.Head, made.Metric, made.Samples, a, b));
                if (double.IsFinite(a) && double.IsFinite(b))
                {
                    var (distance, share) = PointComparison.Distances(a, b);
                    (absolute, relative) = (Math.Max(absolute ?? 0, distance), Math.Max(relative ?? 0, share));
                }
            }
            else if (rightAnyhow.Contains(Anyhow(identity)))
            {
                unlike++;
            }
            else if (!IsAskedFor(specification, made))
            {
                extra++;
            }
            else if (made.Step <= reach)
            {
                missing.Add(new(made.Step, made.Solver, made.Nfe, made.Head, made.Metric, made.Samples, Point.ValueOf(made.Value, made.Kind), null));
            }
        }

        foreach (var (identity, made) in right.Where(pair => !left.ContainsKey(pair.Key) && pair.Value.Step <= reach && IsAskedFor(specification, pair.Value)))
        {
            if (!leftAnyhow.Contains(Anyhow(identity)))
            {
                missing.Add(new(made.Step, made.Solver, made.Nfe, made.Head, made.Metric, made.Samples, null, Point.ValueOf(made.Value, made.Kind)));
            }
        }

        return new ComparedEvaluations
        {
            Identical = identical,
            Different = different.Count,
            Missing = missing.Count,
            Extra = extra,
            Unlike = unlike,
            LargestAbsolute = absolute,
            LargestRelative = relative,
            Differences = [.. different.Concat(missing).OrderBy(pair => pair.Step).ThenBy(pair => pair.Solver, StringComparer.Ordinal).ThenBy(pair => pair.Nfe).ThenBy(pair => pair.Head).Take(Certificate.MostListed)],
        };
    }

    private static Dictionary<Identity, EvaluationEntity> ByIdentity(IReadOnlyList<EvaluationEntity> evaluations) =>
        evaluations.OrderBy(made => made.Id).GroupBy(made => new Identity(made.Step, made.Solver, made.Nfe, made.Head, made.Metric, made.Gate, made.Samples, made.Fingerprint)).ToDictionary(group => group.Key, group => group.Last());

    /// <summary>However it was measured.</summary>
    private static Identity Anyhow(Identity identity) => identity with { Fingerprint = "" };

    /// <summary>What a run makes by its own specification; all else was asked for later.</summary>
    private static bool IsAskedFor(EvaluationSpecification specification, EvaluationEntity made)
    {
        var solver = specification.Solvers.Where(known => string.Equals(SweepObjectives.Word(known), made.Solver, StringComparison.OrdinalIgnoreCase)).Select(known => (SolverKind?)known).FirstOrDefault();
        return solver is not null && (solver == SolverKind.Rk45 || specification.Nfe.Contains(made.Nfe)) && specification.Heads.Contains(made.Head) && made.Extractor == specification.Extractor
            && (made.Gate > 0 ? specification.Gates.Contains(made.Gate) : made.Samples == specification.Samples);
    }

    private sealed record Identity(int Step, string Solver, int Nfe, int Head, string Metric, int Gate, int Samples, string Fingerprint);
}
