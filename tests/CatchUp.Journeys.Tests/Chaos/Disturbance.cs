namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Something that happens to the team set-up while a sweep runs.</summary>
/// <param name="Moment">When.</param>
/// <param name="Down">How long until it is mended.</param>
internal abstract record Disturbance(Moment Moment, TimeSpan Down)
{
    /// <summary>Longer than a lease of the default settings and what the reaper adds to it.</summary>
    protected static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>Whether the platform itself was away for so long that its reaction is counted from its return.</summary>
    public virtual bool PlatformIsAway => false;

    public abstract Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation);

    public virtual Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Once the sweep has ended.</summary>
    public virtual Task EndAsync() => Task.CompletedTask;
}
