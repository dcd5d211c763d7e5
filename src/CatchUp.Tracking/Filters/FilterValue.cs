namespace CatchUp.Tracking.Filters;

/// <summary>A value written in a filter, read as what its term is. Times before now are kept as such: a saved view means the last seven days of any day.</summary>
internal abstract record FilterValue
{
    private FilterValue()
    {
    }

    public sealed record Number(double Value) : FilterValue;

    public sealed record Text(string Value) : FilterValue;

    public sealed record Truth(bool Value) : FilterValue;

    public sealed record Moment(DateTimeOffset At) : FilterValue;

    /// <param name="Days">True: from the beginning of the day, in UTC.</param>
    public sealed record Before(TimeSpan Now, bool Days = false) : FilterValue;
}
