using System.Globalization;

namespace CatchUp.Tracking.Database;

/// <summary>What someone asked for takes the database longer than it may.</summary>
public sealed class QuestionTooLongException(TimeSpan patience, Exception problem)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"This takes the database longer than {patience.TotalSeconds:0} seconds. Make the filter narrower, or sort by another column."), problem);
