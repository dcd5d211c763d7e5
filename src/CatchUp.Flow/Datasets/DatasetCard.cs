namespace CatchUp.Flow.Datasets;

/// <summary>What is known of a data set without opening it.</summary>
/// <param name="Name">What a run's specification calls it.</param>
/// <param name="Side">Pixels of a row and of a column of its images.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Classes">Number of classes of its labels.</param>
public sealed record DatasetCard(string Name, int Side, int Channels, int Classes);
