using System.Globalization;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Samples;

/// <summary>Where the pictures of sample grids are.</summary>
internal static class SampleAddress
{
    /// <summary>The grid's own picture, or one beside it.</summary>
    public static string Of(SampleGrid grid, SamplePictureKind? beside = null) => string.Create(
        CultureInfo.InvariantCulture, $"/api/v1/runs/{grid.RunId}/samples/{grid.Id}{(beside is { } kind ? $"/{kind.ToString().ToLowerInvariant()}" : "")}.png");
}
