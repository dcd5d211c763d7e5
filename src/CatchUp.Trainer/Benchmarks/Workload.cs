namespace CatchUp.Trainer.Benchmarks;

/// <summary>Work that is done round after round while a clock runs.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>What is counted: an update, an image, a distance.</summary>
    public abstract string Unit { get; }

    /// <summary>How many of them a round makes.</summary>
    public abstract int UnitsPerRound { get; }

    /// <summary>What the other side of a comparison needs to do the same, and what a report tells.</summary>
    public virtual IReadOnlyDictionary<string, double> Facts => new Dictionary<string, double>();

    /// <summary>Makes one round. Returns the number that it computed, where it computes one.</summary>
    public abstract double? Round();

    public abstract void Dispose();
}
