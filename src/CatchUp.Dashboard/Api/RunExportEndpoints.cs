using System.Globalization;
using System.Text;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using Parquet;
using Parquet.Schema;

namespace CatchUp.Dashboard.Api;

/// <summary>Lists of runs as files: the runs, the order and the columns of the list they are asked for.</summary>
internal static class RunExportEndpoints
{
    public const int MostRows = 200_000;

    private const int RowsAtOnce = 1000;

    public static void MapRunExport(this IEndpointRouteBuilder api) =>
        api.MapGet("/runs/export", ExportAsync).WithTags("Runs").WithSummary("Runs as a CSV or Parquet file")
            .WithDescription($"format: csv or parquet. The other parameters are those of the page's own address: q (a filter), state, sweep, project, archived, sort, cols. {MostRows:N0} runs at most. Numbers of images have their interval and protocol in columns of their own.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>Where a list can be had as a file.</summary>
    public static string AddressOf(RunsAddress address, string format)
    {
        var query = (address with { Selected = [], Pinned = 1 }).ToQueryString();
        return $"/api/v1/runs/export{(query.Length == 0 ? "?" : query + "&")}format={format}";
    }

    private static async Task<IResult> ExportAsync(HttpRequest request, RunStore store, TimeProvider time, CancellationToken cancellation)
    {
        var input = new ApiInput(request, "format", "q", "state", "sweep", "project", "archived", "sort", "cols", "pin", "selected");
        var format = input.Text("format") ?? "csv";
        if (format is not ("csv" or "parquet"))
        {
            input.Error("format", $"format is csv or parquet, not '{ApiInput.Shorten(format)}'.");
        }

        if (RunFilter.Read(input.Text("q")).Problem is { } problem)
        {
            input.Error("q", $"At character {problem.Position + 1}: {problem.Message}");
        }

        foreach (var id in RunTerms.Split(input.Text("cols")).Where(id => id is not ("progress" or "parameters") && RunFilter.ReadTerm(id).Term is null))
        {
            input.Error("cols", RunFilter.ReadTerm(id).Problem!.Message);
        }

        if (input.Problem is { } bad)
        {
            return bad;
        }

        var address = RunsAddress.Parse(request.QueryString.Value ?? "");
        var columns = RunColumn.Parse((address.Columns ?? RunColumn.Usual).Prepend("id"), "best");
        var fields = columns.SelectMany(ExportField.Of).ToList();
        var name = string.Create(CultureInfo.InvariantCulture, $"runs-{time.GetUtcNow():yyyyMMdd-HHmm}.{format}");
        var runs = ReadAsync(store, address, columns, cancellation);
        return format == "csv"
            ? Results.Stream(stream => WriteCsvAsync(stream, fields, runs, cancellation), "text/csv; charset=utf-8", name)
            : Results.File(await ParquetAsync(fields, runs, cancellation), "application/vnd.apache.parquet", name);
    }

    private static async IAsyncEnumerable<RunSummary> ReadAsync(RunStore store, RunsAddress address, IReadOnlyList<RunColumn> columns, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        RunTerm[] read = [.. columns.Where(column => column.IsRead).Select(column => column.Term!)];
        for (var offset = 0; offset < MostRows; offset += RowsAtOnce)
        {
            var page = await store.ListAsync(address.ToQuery(offset, RowsAtOnce) with { Columns = read }, cancellation);
            foreach (var run in page.Items)
            {
                yield return run;
            }

            if (page.Next is null)
            {
                break;
            }
        }
    }

    private static async Task WriteCsvAsync(Stream stream, List<ExportField> fields, IAsyncEnumerable<RunSummary> runs, CancellationToken cancellation)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using (writer)
        {
            await writer.WriteAsync(CsvText.Row(fields.Select(field => field.Name)));
            await foreach (var run in runs)
            {
                await writer.WriteAsync(CsvText.Row(fields.Select(field => field.Value(run))).AsMemory(), cancellation);
            }
        }
    }

    private static async Task<byte[]> ParquetAsync(List<ExportField> fields, IAsyncEnumerable<RunSummary> runs, CancellationToken cancellation)
    {
        var schema = new ParquetSchema(fields.Select(field => (Field)new DataField(field.Name, field.Type, isNullable: true)));
        using var stream = new MemoryStream();
        var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: cancellation);
        await using (writer)
        {
            var rows = new List<RunSummary>();
            await foreach (var run in runs)
            {
                rows.Add(run);
                if (rows.Count == 10 * RowsAtOnce)
                {
                    await GroupAsync();
                }
            }

            await GroupAsync();

            async Task GroupAsync()
            {
                using var group = writer.CreateRowGroup();
                foreach (var (index, field) in fields.Index())
                {
                    await field.WriteAsync(group, schema.DataFields[index], rows, cancellation);
                }

                rows.Clear();
            }
        }

        return stream.ToArray();
    }
}
