namespace CatchUp.Contracts.Workers;

/// <summary>The attempt is no longer the run's current one, or the run is gone: nothing was written and its directory may go.</summary>
public sealed record AttemptSuperseded
{
    public string? Reason { get; init; }
}
