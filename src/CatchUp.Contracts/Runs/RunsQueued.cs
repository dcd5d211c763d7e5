namespace CatchUp.Contracts.Runs;

/// <summary>News for workers: there is work. A hint only; workers also ask on their own.</summary>
public sealed record RunsQueued
{
    public int Count { get; init; }
}
