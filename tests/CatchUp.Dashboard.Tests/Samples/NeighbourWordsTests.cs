using CatchUp.Dashboard.Samples;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class NeighbourWordsTests
{
    [Theory]
    [InlineData(0.0, "Distance 0 by cnn: to its features it is this training image.")]
    [InlineData(0.8, "Distance 0.8 by cnn, 0.4 times the usual distance between training images: much nearer than training images are to each other: it may be a copy.")]
    [InlineData(1.4, "nearer than training images usually are to each other.")]
    [InlineData(2.5, "Distance 2.5 by cnn, 1.25 times the usual distance between training images: about as far as training images are from each other.")]
    [InlineData(5.0, "farther than training images usually are from each other.")]
    [InlineData(80.0, "far from every training image.")]
    [InlineData(null, "no features that are numbers")]
    public void Distance_is_said_against_what_is_usual_between_training_images(double? distance, string words)
    {
        var near = new NearestImages("cnn", "shapes", 1200, [4711], [distance], 2);

        Assert.Contains(words, NeighbourWords.Distance(near, 0), StringComparison.Ordinal);
        Assert.Equal("Image 4,711 of shapes, counted from 0; 1,200 were looked at.", NeighbourWords.Place(near, 0));
    }

    [Fact]
    public void Without_a_measure_there_is_the_number_alone() =>
        Assert.Equal("Distance 3 by cnn.", NeighbourWords.Distance(new NearestImages("cnn", "shapes", 1, [0], [3.0], null), 0));
}
