namespace CatchUp.Contracts.Runs;

/// <summary>News: something about a run was stored.</summary>
public sealed record RunChanged
{
    public long RunId { get; init; }

    public long? SweepId { get; init; }

    /// <summary>The state changed, not only the data.</summary>
    public bool StateChanged { get; init; }

    /// <summary>New points, samples or evaluations were stored.</summary>
    public bool DataArrived { get; init; }

    /// <summary>There are evaluations among what was stored. Those that a run loses go with a change of its state.</summary>
    public bool Evaluated { get; init; }
}
