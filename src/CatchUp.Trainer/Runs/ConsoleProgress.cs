using System.Globalization;

namespace CatchUp.Trainer.Runs;

/// <summary>Tells a person at a terminal how far a run is, how fast, and when it will be done. Silent under a worker, which reads the journal.</summary>
internal sealed class ConsoleProgress(TextWriter? output, TimeProvider clock)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    private long started = clock.GetTimestamp();
    private long lastLine;
    private int startStep;

    /// <summary>One sentence.</summary>
    public void Say(string line) => output?.WriteLine(line);

    /// <summary>The first update is about to begin.</summary>
    public void Start(int fromStep) => (started, startStep) = (clock.GetTimestamp(), fromStep);

    /// <summary>So many pairs have been made for training.</summary>
    public void Pairs(int made, int count)
    {
        if (output is not null && made > 0 && (lastLine == 0 || clock.GetElapsedTime(lastLine) >= BetweenLines))
        {
            lastLine = clock.GetTimestamp();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pairs {made}/{count}  {100.0 * made / count,3:0} %"));
        }
    }

    /// <summary>An update has been made.</summary>
    public void Step(int step, int steps, double loss)
    {
        if (output is null || (step < steps && lastLine != 0 && clock.GetElapsedTime(lastLine) < BetweenLines))
        {
            return;
        }

        lastLine = clock.GetTimestamp();
        // Evaluations and samples are part of the rate: that is what the remaining time will be made of.
        var secondsPerStep = clock.GetElapsedTime(started).TotalSeconds / Math.Max(1, step - startStep);
        var left = TimeSpan.FromSeconds(Math.Ceiling(secondsPerStep * (steps - step)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}/{steps}  {100.0 * step / steps,3:0} %  loss {loss:0.0000}  {1 / secondsPerStep:0.00} steps/s  {left:h\\:mm\\:ss} left"));
    }
}
