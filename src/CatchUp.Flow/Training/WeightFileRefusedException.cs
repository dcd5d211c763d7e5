namespace CatchUp.Flow.Training;

/// <summary>A file of weights is missing, torn, was changed, or belongs to something else. The message says which file and why.</summary>
public sealed class WeightFileRefusedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The file is whole and as it was written, but belongs to something else: another copy of it will not help.</summary>
    public bool IsWhole { get; init; }
}
