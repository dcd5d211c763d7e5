namespace CatchUp.Contracts.Journal;

/// <summary>What the trainer did with its time since the entry of this kind before it, or since it began. What is missing from the attempt's whole time went into everything else.</summary>
public sealed record TimeSpent : JournalEntry
{
    /// <summary>Seconds of optimizer updates.</summary>
    public double Training { get; init; }

    /// <summary>Seconds of making sample grids.</summary>
    public double Sampling { get; init; }

    /// <summary>Seconds of evaluations, the images they measure included.</summary>
    public double Evaluation { get; init; }
}
