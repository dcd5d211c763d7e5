namespace CatchUp.Tracking.Samples;

/// <summary>What the first cells of a grid would have become on the way; their picture has a row a cell and a column a time.</summary>
/// <param name="Cells">How many of the grid's cells, from the first.</param>
/// <param name="Times">t of each column, from 1 down; the last is 0, the grid's own images.</param>
public sealed record SampleTrajectories(int Cells, IReadOnlyList<double> Times);
