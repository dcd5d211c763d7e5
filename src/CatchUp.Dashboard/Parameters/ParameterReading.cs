using CatchUp.Dashboard.Sweeps;
using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Parameters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Parameters;

/// <summary>Reads the parameters of runs by the number that was asked for, or else by the one they are usually judged by.</summary>
public sealed class ParameterReading(ParameterStore store, SweepStore sweeps, AnnotationStore annotations)
{
    /// <param name="sweep">The sweep whose objective is the usual number; null when the runs are of any.</param>
    /// <param name="others">Further numbers to read.</param>
    public async Task<ParameterSet> ReadAsync(RunQuery query, long? sweep, RunTerm? measure, IReadOnlyList<RunTerm> others, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(others);
        if (measure is not null)
        {
            return await SetAsync(measure);
        }

        ParameterSet? first = null;
        await foreach (var usual in UsualAsync(sweep, cancellation))
        {
            // What nobody measured says nothing: the next is tried.
            var set = await SetAsync(usual);
            if (set.Runs.Count > 0 || set.Table.Total == 0)
            {
                return set;
            }

            first ??= set;
        }

        return first ?? ParameterSet.Nothing;

        async Task<ParameterSet> SetAsync(RunTerm term) => ParameterSet.Of(await store.ReadAsync(query, [term, .. others.Where(other => other != term)], cancellation));
    }

    private async IAsyncEnumerable<RunTerm> UsualAsync(long? sweep, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (sweep is { } id && (await sweeps.FindAsync(id, cancellation))?.Summary.Objective is { } objective)
        {
            yield return new RunTerm.Evaluation(objective.Metric, SweepWords.WordOf(objective.Solver), objective.Nfe, objective.Head, EvaluationPart.Last);
        }

        var known = (await annotations.TermsAsync(cancellation)).Evaluations;
        foreach (var evaluation in known.OrderBy(evaluation => evaluation.Name != "fid").ThenBy(evaluation => evaluation.Nfe != 4).ThenBy(evaluation => evaluation.Solver != "euler").Take(3))
        {
            yield return evaluation;
        }

        yield return RunTerm.Named("loss");
    }
}
