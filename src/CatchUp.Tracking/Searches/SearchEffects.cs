using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Searches;

/// <summary>What a search did, for whoever is told after the commit.</summary>
internal sealed class SearchEffects
{
    /// <summary>Whether entries were written.</summary>
    public bool Any { get; set; }

    /// <summary>Whether there is more to propose than one transaction should.</summary>
    public bool More { get; set; }

    public int Queued { get; set; }

    public List<AttemptOrder> Orders { get; } = [];

    /// <summary>Runs whose state changed.</summary>
    public List<long> Runs { get; } = [];
}
