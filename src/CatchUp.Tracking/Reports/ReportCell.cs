using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Reports;

/// <summary>A value in a table of a report, in a form that can be stored: at most one of the four.</summary>
/// <param name="Evaluation">Where a number about images comes from, with its interval and protocol.</param>
public sealed record ReportCell(double? Number = null, string? Text = null, bool? Truth = null, DateTimeOffset? Time = null, Evaluation? Evaluation = null)
{
    public static ReportCell From(TermValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value.Value as double?, value.Value as string, value.Value as bool?, value.Value as DateTimeOffset?, value.Evaluation);
    }

    public TermValue ToValue() => new((object?)Number ?? (object?)Text ?? (object?)Truth ?? Time, Evaluation);
}
