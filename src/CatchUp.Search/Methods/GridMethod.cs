using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Methods;

/// <summary>Every configuration of a finite space once, in the order of nested loops. Nothing is enumerated before it is asked for.</summary>
public sealed class GridMethod : ISearchMethod
{
    /// <summary>Most configurations, counted before conditions and constraints remove some.</summary>
    public const int Most = 1_000_000;

    /// <summary>What keeps a space from being a grid, and how to mend it; null when nothing does.</summary>
    public static SpecificationProblem? Problem(SearchSpace space)
    {
        if (space.Parameters.FirstOrDefault(parameter => parameter.Count is null) is { } continuum)
        {
            return new($"space.{continuum.Path}", $"{continuum.Path} is a continuum, and a grid needs values to count. Give it a step, list its values, or search by random, sobol or tpe.");
        }

        if (space.Size > Most)
        {
            var largest = space.Parameters.MaxBy(parameter => parameter.Count)!;
            var count = space.Size < 1_000_000_000_000_000 ? space.Size.ToString("N0", CultureInfo.InvariantCulture) : space.Size.ToString("E1", CultureInfo.InvariantCulture);
            return new("search.method", string.Create(CultureInfo.InvariantCulture, $"A grid over this space has {count} configurations; at most {Most:N0} are possible. Search by tpe, random or sobol with a number of trials, or take fewer values: {largest.Path} alone has {largest.Count:N0}."), "tpe");
        }

        return null;
    }

    /// <summary>How many configurations the grid has; they are walked through where conditions or constraints take some away.</summary>
    /// <exception cref="InvalidOperationException">The space is no grid: see <see cref="Problem"/>.</exception>
    public static long Count(SearchSpace space)
    {
        if (space.Constraints.Count == 0 && space.Parameters.All(parameter => parameter.When.Count == 0))
        {
            return (long)space.Size;
        }

        var (walk, count) = (new GridWalk(space), 0L);
        for (var values = walk.First(); values is not null; values = walk.Next(values))
        {
            count += space.Satisfies(walk.Configuration(values)) ? 1 : 0;
        }

        return count;
    }

    /// <exception cref="ArgumentException">The space is no grid: see <see cref="Problem"/>.</exception>
    public Suggestion Suggest(SearchHistory history, int trial)
    {
        if (Problem(history.Space) is { } problem)
        {
            throw new ArgumentException(problem.Message, nameof(history));
        }

        var walk = new GridWalk(history.Space);
        var last = history.LastOfGrid;
        for (var values = last is null ? walk.First() : walk.Next(last.Values.ToArray()); values is not null; values = walk.Next(values))
        {
            var configuration = walk.Configuration(values);
            if (history.Space.Satisfies(configuration) && !history.HasTried(configuration))
            {
                return new Suggestion(configuration, new ProposalReason { Kind = ReasonKind.Grid });
            }
        }

        return new Suggestion(null, new ProposalReason { Kind = ReasonKind.Exhausted });
    }
}
