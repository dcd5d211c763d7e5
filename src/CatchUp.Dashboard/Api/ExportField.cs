using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using Parquet;
using Parquet.Schema;

namespace CatchUp.Dashboard.Api;

/// <summary>A column of a file of runs.</summary>
/// <param name="Name">Its head.</param>
/// <param name="Type">Of its values, which may be absent.</param>
/// <param name="Value">What a run has of it.</param>
internal sealed record ExportField(string Name, Type Type, Func<RunSummary, object?> Value)
{
    /// <summary>The fields of a list's column: of an evaluation also its interval, step and protocol, for a number of images means nothing without them.</summary>
    public static IEnumerable<ExportField> Of(RunColumn column) => column.Id switch
    {
        "name" => [new("name", typeof(string), run => run.Name)],
        "state" => [new("state", typeof(string), run => run.State.ToString().ToLowerInvariant())],
        "sweep" => [new("sweep", typeof(string), run => run.SweepName)],
        "progress" => [new("step", typeof(double), run => (double)run.Step), new("steps", typeof(double), run => (double)run.Steps)],
        "parameters" => [new("parameters", typeof(string), RunWords.Parameters)],
        "updated" => [new("updated", typeof(DateTime), run => run.UpdatedAt)],
        "tag" => [new("tags", typeof(string), run => string.Join(' ', run.Tags))],
        "best" => Evaluation("best", run => run.Best),
        _ when column.Term is RunTerm.Evaluation => Evaluation(column.Id, run => run.ValueOf(column.Term).Evaluation),
        _ => [new(column.Id, TypeOf(column.Term!), run => run.ValueOf(column.Term!).Value)],
    };

    /// <summary>Writes the runs' values.</summary>
    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, IReadOnlyList<RunSummary> runs, CancellationToken cancellation) =>
        Type == typeof(double) ? group.WriteAsync<double>(field, runs.Select(run => Value(run) as double?).ToArray(), cancellationToken: cancellation)
        : Type == typeof(bool) ? group.WriteAsync<bool>(field, runs.Select(run => Value(run) as bool?).ToArray(), cancellationToken: cancellation)
        : Type == typeof(DateTime) ? group.WriteAsync<DateTime>(field, runs.Select(run => (Value(run) as DateTimeOffset?)?.UtcDateTime).ToArray(), cancellationToken: cancellation)
        : group.WriteAsync(field, runs.Select(run => Value(run) as string).ToArray()!);

    private static IEnumerable<ExportField> Evaluation(string name, Func<RunSummary, Tracking.Evaluations.Evaluation?> of) =>
    [
        new(name, typeof(double), run => of(run)?.Value),
        new($"{name} low", typeof(double), run => of(run)?.Low),
        new($"{name} high", typeof(double), run => of(run)?.High),
        new($"{name} step", typeof(double), run => (double?)of(run)?.Step),
        new($"{name} protocol", typeof(string), run => of(run)?.Protocol),
    ];

    private static Type TypeOf(RunTerm term) => term.Kind switch
    {
        TermKind.Number or TermKind.Duration => typeof(double),
        TermKind.Time => typeof(DateTime),
        TermKind.Truth => typeof(bool),
        _ => typeof(string),
    };
}
