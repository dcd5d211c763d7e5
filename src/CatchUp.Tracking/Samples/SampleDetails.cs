namespace CatchUp.Tracking.Samples;

/// <summary>A sample grid with what is stored beside it.</summary>
/// <param name="Neighbours">Null when the run kept none.</param>
/// <param name="Trajectories">Null when the run kept none, or keeps them with a larger NFE only.</param>
public sealed record SampleDetails(SampleGrid Grid, NearestImages? Neighbours, SampleTrajectories? Trajectories);
