namespace CatchUp.Tracking.Samples;

/// <summary>The nearest training image of every cell of a sample grid; their picture has the grid's shape.</summary>
/// <param name="Extractor">Whose features tell what is near.</param>
/// <param name="Images">How many images of the data set were looked at.</param>
/// <param name="Indices">Places in the data set, from 0, a cell each.</param>
/// <param name="Distances">Between the features, a cell each; null where there is no number.</param>
/// <param name="Typical">The median distance between a training image and the one nearest to it.</param>
public sealed record NearestImages(string Extractor, string Dataset, int Images, IReadOnlyList<int> Indices, IReadOnlyList<double?> Distances, double? Typical);
