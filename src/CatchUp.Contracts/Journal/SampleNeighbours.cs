namespace CatchUp.Contracts.Journal;

/// <summary>The nearest training image of every cell of a sample grid, by the distance between their features.</summary>
public sealed record SampleNeighbours
{
    /// <summary>A PNG of the same shape as the grid, relative to the run directory: cell i is the training image nearest to cell i of the grid.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public long Bytes { get; init; }

    public required string Extractor { get; init; }

    public string Dataset { get; init; } = "";

    /// <summary>How many training images were looked at: all, or for a very large data set as many from everywhere in it.</summary>
    public int Images { get; init; }

    /// <summary>Places of the nearest images in the data set, from 0, a cell each.</summary>
    public IReadOnlyList<int> Indices { get; init; } = [];

    /// <summary>Euclidean distances between the features, a cell each.</summary>
    public IReadOnlyList<double> Distances { get; init; } = [];

    /// <summary>The median distance between a training image and the training image nearest to it: what the distances are measured by.</summary>
    public double Typical { get; init; }
}
