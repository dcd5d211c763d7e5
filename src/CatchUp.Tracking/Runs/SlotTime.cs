namespace CatchUp.Tracking.Runs;

/// <summary>What slots were occupied with, in seconds. The four parts make up the whole; <paramref name="Lost"/> is how much of it had to be done again.</summary>
/// <param name="Training">Optimizer updates.</param>
/// <param name="Sampling">Sample grids.</param>
/// <param name="Evaluation">Evaluations, with the images they measure.</param>
/// <param name="Overhead">All else: starting, loading data, checkpoints, shipping, and the silence before a lease ran out.</param>
/// <param name="Lost">Between the last checkpoint that was kept and a loss.</param>
public sealed record SlotTime(double Training, double Sampling, double Evaluation, double Overhead, double Lost)
{
    public static readonly SlotTime Nothing = new(0, 0, 0, 0, 0);

    public double Total => Training + Sampling + Evaluation + Overhead;

    public static SlotTime operator +(SlotTime a, SlotTime b) => Add(a, b);

    public static SlotTime Add(SlotTime left, SlotTime right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Training + right.Training, left.Sampling + right.Sampling, left.Evaluation + right.Evaluation, left.Overhead + right.Overhead, left.Lost + right.Lost);
    }

    /// <summary>Parts that a trainer told of, within the time that its slot was held.</summary>
    internal static SlotTime Within(double held, double training, double sampling, double evaluation, double lost)
    {
        // A trainer's clock that runs fast must not make more of the slot's time than there was.
        var known = training + sampling + evaluation;
        var scale = known > held && known > 0 ? held / known : 1;
        return new(training * scale, sampling * scale, evaluation * scale, Math.Max(0, held - (known * scale)), lost);
    }
}
