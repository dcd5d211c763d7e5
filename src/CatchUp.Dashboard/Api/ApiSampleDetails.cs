using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Api;

/// <summary>A grid of generated images with what is known of the pictures beside it.</summary>
internal sealed record ApiSampleDetails(ApiSample Sample, NearestImages? Neighbours, SampleTrajectories? Trajectory)
{
    public static ApiSampleDetails From(SampleDetails details) => new(ApiSample.From(details.Grid), details.Neighbours, details.Trajectories);
}
