namespace CatchUp.Tracking.Nights;

/// <summary>What slots were occupied with, in seconds. The four parts make up the whole; <paramref name="Lost"/> is how much of it had to be done again.</summary>
/// <param name="Training">Optimizer updates.</param>
/// <param name="Sampling">Sample grids.</param>
/// <param name="Evaluation">Evaluations, with the images they measure.</param>
/// <param name="Overhead">All else: starting, loading data, checkpoints, shipping, and the silence before a lease ran out.</param>
/// <param name="Lost">Between the last checkpoint that was kept and a loss.</param>
public sealed record NightCost(double Training, double Sampling, double Evaluation, double Overhead, double Lost)
{
    public static readonly NightCost Nothing = new(0, 0, 0, 0, 0);

    public double Total => Training + Sampling + Evaluation + Overhead;

    public static NightCost operator +(NightCost a, NightCost b) => Add(a, b);

    public static NightCost Add(NightCost left, NightCost right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Training + right.Training, left.Sampling + right.Sampling, left.Evaluation + right.Evaluation, left.Overhead + right.Overhead, left.Lost + right.Lost);
    }
}
