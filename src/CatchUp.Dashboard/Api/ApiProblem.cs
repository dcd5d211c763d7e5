using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Runs;
using Microsoft.AspNetCore.Mvc;

namespace CatchUp.Dashboard.Api;

/// <summary>Answers of the API that are not what was asked for: RFC 9457 problem details that name the field and the fix.</summary>
internal static class ApiProblem
{
    /// <summary>One or more parameters cannot be read.</summary>
    public static IResult Bad(IReadOnlyDictionary<string, string> errors) => Bad(string.Join(' ', errors.Values), errors);

    public static IResult Bad(string field, string message) => Bad(message, new Dictionary<string, string> { [field] = message });

    public static IResult NotFound(string message) => Create(StatusCodes.Status404NotFound, "Not found", message);

    /// <summary>A sweep file with problems; each has its path, line, column and fix.</summary>
    public static IResult Refused(IReadOnlyList<SweepProblem> problems)
    {
        var first = problems[0];
        var place = first.Line > 0 ? $"line {first.Line}, column {first.Column}: " : "";
        return Create(
            StatusCodes.Status400BadRequest,
            "The sweep file was refused",
            $"{place}{first.Message}{(problems.Count > 1 ? $" And {problems.Count - 1} more." : "")} Nothing was stored.",
            ("problems", problems),
            ("errors", problems.GroupBy(problem => problem.Path).ToDictionary(group => group.Key, group => group.Select(problem => problem.Message).ToArray())));
    }

    /// <summary>What became of a command.</summary>
    public static IResult Of(CommandOutcome outcome) => outcome.Result switch
    {
        CommandResult.Accepted => Results.Ok(new ApiMessage(outcome.Message)),
        CommandResult.NotFound => NotFound(outcome.Message),
        _ => Create(StatusCodes.Status409Conflict, "Not possible now", outcome.Message),
    };

    public static IResult Create(int status, string title, string detail, params (string Name, object Value)[] extensions)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail };
        foreach (var (name, value) in extensions)
        {
            problem.Extensions[name] = value;
        }

        return Results.Problem(problem);
    }

    private static IResult Bad(string detail, IReadOnlyDictionary<string, string> errors) =>
        Create(StatusCodes.Status400BadRequest, "The request cannot be read", detail, ("errors", errors.ToDictionary(error => error.Key, error => new[] { error.Value })));
}
