using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Samples;

/// <summary>How near a training image is, in words.</summary>
internal static class NeighbourWords
{
    /// <summary>Which image it is.</summary>
    public static string Place(NearestImages near, int cell) =>
        $"Image {Figures.Count(near.Indices[cell])} of {near.Dataset}, counted from 0; {Figures.Count(near.Images)} were looked at.";

    /// <summary>How far it is by the extractor's features, and what that means: training images are the measure.</summary>
    public static string Distance(NearestImages near, int cell)
    {
        if (near.Distances[cell] is not { } distance)
        {
            return "The image has no features that are numbers, so none is near.";
        }

        var number = string.Create(CultureInfo.InvariantCulture, $"Distance {distance:0.###} by {near.Extractor}");
        if (distance == 0)
        {
            return $"{number}: to its features it is this training image.";
        }

        if (near.Typical is not > 0)
        {
            return $"{number}.";
        }

        var ratio = distance / near.Typical.Value;
        var words = ratio switch
        {
            < 0.5 => "much nearer than training images are to each other: it may be a copy",
            < 0.8 => "nearer than training images usually are to each other",
            < 1.6 => "about as far as training images are from each other",
            < 4 => "farther than training images usually are from each other",
            _ => "far from every training image",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}, {ratio:0.0#} times the usual distance between training images: {words}.");
    }
}
