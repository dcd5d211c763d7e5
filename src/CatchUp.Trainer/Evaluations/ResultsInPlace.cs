using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Evaluations;

/// <summary>
/// Results of the step an attempt goes on from that need not be made again: those that run.json lists as stored, and those in a
/// journal that is continued by hand. Results of later steps do not count: going back to a checkpoint took them away.
/// </summary>
internal sealed class ResultsInPlace(RunFile run, IReadOnlyList<JournalEntry> journal, int fromStep)
{
    private readonly HashSet<StoredResult> samples =
    [
        .. run.Resume?.Step == fromStep ? run.Samples : [],
        .. journal.OfType<SamplesSaved>().Where(saved => saved.Step == fromStep).Select(saved => new StoredResult(saved.Solver, saved.Nfe, saved.Head)),
    ];

    private readonly HashSet<StoredResult> evaluations =
    [
        .. run.Resume?.Step == fromStep ? run.Evaluations : [],
        .. journal.OfType<EvaluationMade>().Where(made => made.Step == fromStep).Select(made => new StoredResult(made.Solver, made.Nfe, made.Head, made.Metric, made.Gate)),
    ];

    public bool HasSamples(int step, Sampling sampling) => step == fromStep && samples.Any(stored => sampling.Made(stored));

    public bool HasEvaluation(int step, Sampling sampling, string metric, int gate = 0) => step == fromStep && evaluations.Any(stored => sampling.Made(stored, metric, gate));
}
