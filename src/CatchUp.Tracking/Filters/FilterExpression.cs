namespace CatchUp.Tracking.Filters;

/// <summary>A filter, understood and typed. A comparison with what a run does not have does not hold.</summary>
internal abstract record FilterExpression
{
    private FilterExpression()
    {
    }

    public sealed record Both(FilterExpression Left, FilterExpression Right) : FilterExpression;

    public sealed record Either(FilterExpression Left, FilterExpression Right) : FilterExpression;

    public sealed record Not(FilterExpression Inner) : FilterExpression;

    /// <param name="Sign">One of = != &lt; &lt;= &gt; &gt;=.</param>
    public sealed record Comparison(RunTerm Term, string Sign, FilterValue Value) : FilterExpression;

    public sealed record Membership(RunTerm Term, IReadOnlyList<FilterValue> Values) : FilterExpression;

    /// <summary>The term's text has this in it; case does not matter.</summary>
    public sealed record Containment(RunTerm Term, string Part) : FilterExpression;

    /// <summary>The run has a value of the term.</summary>
    public sealed record Presence(RunTerm Term) : FilterExpression;

    /// <summary>In the name, the sweep's name, the project, a tag; or the run's number.</summary>
    public sealed record Search(string Words) : FilterExpression;
}
