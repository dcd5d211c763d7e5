namespace CatchUp.Tracking.Filters;

/// <summary>
/// Which runs are meant, in a language of our own: <c>objective.order = rk23 and fid[euler, nfe=4] &lt; 20 and tag:night</c>.
/// It is read into typed terms and then into SQL with parameters; nothing that was written is ever a part of the SQL.
/// </summary>
public sealed class RunFilter
{
    private RunFilter(string text, FilterExpression? root) => (Text, Root) = (text, root);

    /// <summary>Every run.</summary>
    public static RunFilter None { get; } = new("", null);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    internal FilterExpression? Root { get; }

    /// <summary>Whether it says itself which runs out of sight are meant: by <c>archived</c>, or run by run.</summary>
    internal bool ReachesArchived => Root is not null && Terms(Root).Any(term => term is RunTerm.Field { Of.Name: "archived" or "id" });

    /// <returns>The filter, or what is wrong with the text and where.</returns>
    public static (RunFilter? Filter, FilterProblem? Problem) Read(string? text)
    {
        try
        {
            return (new RunFilter(text ?? "", new RunFilterParser(text ?? "").Parse()), null);
        }
        catch (FilterException problem)
        {
            return (null, problem.Problem);
        }
    }

    /// <summary>Reads one term, as a column or a sort order names it.</summary>
    public static (RunTerm? Term, FilterProblem? Problem) ReadTerm(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return (new RunFilterParser(text).ParseTerm(), null);
        }
        catch (FilterException problem)
        {
            return (null, problem.Problem);
        }
    }

    private static IEnumerable<RunTerm> Terms(FilterExpression expression) => expression switch
    {
        FilterExpression.Both both => Terms(both.Left).Concat(Terms(both.Right)),
        FilterExpression.Either either => Terms(either.Left).Concat(Terms(either.Right)),
        FilterExpression.Not not => Terms(not.Inner),
        FilterExpression.Comparison comparison => [comparison.Term],
        FilterExpression.Membership membership => [membership.Term],
        FilterExpression.Containment containment => [containment.Term],
        FilterExpression.Presence presence => [presence.Term],
        _ => [],
    };
}
