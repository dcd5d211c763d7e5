using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Reproductions;

/// <summary>A run as it was when it was compared.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Empty for one that was deleted.</param>
/// <param name="State">Null for one that was deleted.</param>
/// <param name="Step">Updates made.</param>
/// <param name="Attempts">Tries, of which the environment is the last one's.</param>
/// <param name="Workers">Who made them.</param>
/// <param name="SpecificationSha256">Of the stored specification's bytes.</param>
public sealed record CertifiedRun(long Id, string Name, RunState? State, int Step, int Attempts, IReadOnlyList<string> Workers, string SpecificationSha256);
