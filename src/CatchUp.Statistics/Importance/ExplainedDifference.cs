namespace CatchUp.Statistics.Importance;

/// <summary>Why one run's value differs from another's, as far as other runs tell.</summary>
/// <param name="From">Index of the run from which the difference is counted.</param>
/// <param name="To">Index of the other run.</param>
/// <param name="Observed">Value of the other − value of the one.</param>
/// <param name="Contributions">Of the keys in which the two differ, the largest first by amount. They sum to <see cref="Predicted"/>.</param>
public sealed record ExplainedDifference(int From, int To, double Observed, IReadOnlyList<KeyContribution> Contributions)
{
    /// <summary>The difference between the forest's predictions.</summary>
    public double Predicted => Contributions.Sum(key => key.Contribution);

    /// <summary>What no key explains: chance, the seed, and what the forest has not learnt.</summary>
    public double Residual => Observed - Predicted;
}
