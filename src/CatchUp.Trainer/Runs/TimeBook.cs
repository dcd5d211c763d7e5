using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Runs;

/// <summary>Adds up what the trainer's time goes into, and tells the journal now and then.</summary>
internal sealed class TimeBook(JournalWriter journal, TimeProvider clock)
{
    private TimeSpan training, sampling, evaluation;

    public T Training<T>(Func<T> work)
    {
        var began = clock.GetTimestamp();
        var result = work();
        training += clock.GetElapsedTime(began);
        return result;
    }

    public void Sampling(Action work) => Measure(work, ref sampling);

    public void Evaluation(Action work) => Measure(work, ref evaluation);

    /// <summary>Writes down what has come together since the last time.</summary>
    public void Tell()
    {
        if (training + sampling + evaluation > TimeSpan.Zero)
        {
            journal.Append(new TimeSpent { Training = training.TotalSeconds, Sampling = sampling.TotalSeconds, Evaluation = evaluation.TotalSeconds });
            (training, sampling, evaluation) = (default, default, default);
        }
    }

    /// <summary>Work that was broken off by a pause took its time as well.</summary>
    private void Measure(Action work, ref TimeSpan sum)
    {
        var began = clock.GetTimestamp();
        try
        {
            work();
        }
        finally
        {
            sum += clock.GetElapsedTime(began);
        }
    }
}
