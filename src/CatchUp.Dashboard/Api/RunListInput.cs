using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>Reads which runs a request means, in which order, and what it wants to know of them.</summary>
internal static class RunListInput
{
    public const string Help = "A filter in the language of docs/comparing.md: state:running,queued · sweep:12 · project:\"few step\" · id:3,4 · archived:true · tag:night · objective.order = rk23 · metric[loss] < 0.1 · fid[euler, nfe=4] < 20, joined by and, or, not and brackets; words are looked for in names.";

    public const string SortHelp = "A field, a key of the configuration, metric[loss] or fid[nfe=4]; a - before it turns the order round.";

    private const int MostColumns = 30;

    public static RunQuery Read(ApiInput input)
    {
        var query = new RunQuery { Limit = input.Limit(), Offset = input.Cursor(), Columns = Columns(input) };
        return Sort(query with { Filter = Filter(input) }, input);
    }

    public static RunFilter Filter(ApiInput input)
    {
        var (filter, problem) = RunFilter.Read(input.Text("filter"));
        if (problem is not null)
        {
            input.Error("filter", $"At character {problem.Position + 1}: {problem.Message}");
        }

        return filter ?? RunFilter.None;
    }

    private static RunQuery Sort(RunQuery query, ApiInput input)
    {
        if (input.Text("sort") is not { } text)
        {
            return query;
        }

        return Term(text.StartsWith('-') ? text[1..] : text, "sort", input) is { } term ? query with { Sort = term, Descending = text.StartsWith('-') } : query;
    }

    /// <summary>Terms divided by commas outside brackets.</summary>
    private static RunTerm[] Columns(ApiInput input)
    {
        if (input.Text("columns") is not { } text)
        {
            return [];
        }

        var terms = RunTerms.Split(text);
        if (terms.Count > MostColumns)
        {
            input.Error("columns", $"There can be {MostColumns} columns at most, and these are {terms.Count}.");
            return [];
        }

        return [.. terms.Select(term => Term(term, "columns", input)).OfType<RunTerm>()];
    }

    public static RunTerm? Term(string text, string parameter, ApiInput input)
    {
        var (term, problem) = RunFilter.ReadTerm(text);
        if (problem is not null)
        {
            input.Error(parameter, problem.Message);
        }

        return term;
    }
}
