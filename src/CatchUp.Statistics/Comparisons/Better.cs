namespace CatchUp.Statistics.Comparisons;

/// <summary>Which of two values is the better one.</summary>
public enum Better
{
    Lower,
    Higher,
}
