namespace CatchUp.Flow.Training;

/// <summary>A loss became NaN or infinite, so that no update could be made.</summary>
/// <param name="term">The first loss term that is not finite.</param>
/// <param name="value">What it was.</param>
/// <param name="step">The update that was being made, from 1.</param>
public sealed class NonFiniteLossException(string term, double value, int step)
    : Exception($"The loss term {term} was {(double.IsNaN(value) ? "not a number" : "infinite")} at step {step}.")
{
    public string Term => term;

    public int Step => step;
}
