using System.Globalization;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Reports;
using CatchUp.Tracking;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Api;

/// <summary>Reports: texts about runs, their blocks, and the files they are exported as.</summary>
internal static class ReportEndpoints
{
    private const int MostBytes = 1024 * 1024;

    private static readonly Dictionary<string, FrozenData> Nothing = [];

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports").WithTags("Reports");
        reports.MapGet("/", ListAsync).WithSummary("Reports, those saved last first").WithDescription("filter: part of the title, the text or the owner.").Produces<ApiPage<ApiReport>>();
        reports.MapPost("/", AddAsync).WithSummary("Write a report").WithDescription("What is wrong with its blocks is told in problems; it is stored all the same.").TakesJson(typeof(ApiReportInput)).Produces<ApiReportDetails>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        reports.MapGet("/{id}", FindAsync).WithSummary("A report with its text").Produces<ApiReportDetails>().ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapPut("/{id}", ChangeAsync).WithSummary("Save a report").WithDescription("version is the one that was read. When someone else has saved since, nothing is stored and 409 tells the version there is.")
            .TakesJson(typeof(ApiReportInput)).Produces<ApiReportDetails>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        reports.MapDelete("/{id}", RemoveAsync).WithSummary("Delete a report with the data of its frozen blocks").Produces<ApiMessage>().ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapPost("/{id}/blocks/{number}/freeze", FreezeAsync).WithSummary("Keep a block's data with the report").WithDescription("version: the one that was read.")
            .Produces<ApiReportDetails>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        reports.MapPost("/{id}/blocks/{number}/thaw", ThawAsync).WithSummary("Let a block read the database again").WithDescription("version: the one that was read.")
            .Produces<ApiReportDetails>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        reports.MapGet("/{id}/blocks/{number}/data", DataAsync).WithSummary("What a block shows").WithDescription("The answer's bytes are exactly what the block's hash is of.").Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{id}/images/{sha256}.png", ImageAsync).WithSummary("A picture of a frozen block").Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{id}/export", ExportAsync).WithSummary("The report as one HTML file that opens offline").WithDescription($"At most {ReportExport.MostBytes >> 20} MB.").Produces(StatusCodes.Status200OK, contentType: "text/html").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, string? filter, string? limit, string? cursor, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request, nameof(filter), nameof(limit), nameof(cursor));
        var (text, most, offset) = (input.Text(nameof(filter)), input.Limit(), input.Cursor());
        return input.Problem ?? Results.Ok(ApiPage<ApiReport>.From(await store.ListAsync(text, offset, most, cancellation), ApiReport.From));
    }

    private static async Task<IResult> AddAsync(HttpRequest request, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var (body, problem) = input.Problem is { } wrong ? (null, wrong) : await ReadAsync(request, cancellation);
        return body is null ? problem! : Answer(await store.CreateAsync(Draft(body), SignedIn.Name(request.HttpContext.User), cancellation), created: true);
    }

    private static async Task<IResult> FindAsync(HttpRequest request, string id, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? (await store.FindAsync(number, cancellation) is { } report ? Results.Ok(ApiReportDetails.From(report)) : NoReport(number));
    }

    private static async Task<IResult> ChangeAsync(HttpRequest request, string id, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        var (body, problem) = input.Problem is { } wrong ? (null, wrong) : await ReadAsync(request, cancellation);
        return body is null ? problem!
            : body.Version is not { } version ? ApiProblem.Bad("version", "version is missing: the version that the text was written over, as GET answers it, so that nobody's save is overwritten unseen.")
            : Answer(await store.SaveAsync(number, version, Draft(body), SignedIn.Name(request.HttpContext.User), cancellation));
    }

    private static async Task<IResult> RemoveAsync(HttpRequest request, string id, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        return input.Problem ?? ApiProblem.Of(await store.DeleteAsync(number, cancellation));
    }

    private static Task<IResult> FreezeAsync(HttpRequest request, string id, string number, string? version, ReportStore store, ReportContents contents, CancellationToken cancellation) => ChangeBlockAsync(request, id, number, store, async (report, block) =>
    {
        if (block.Frozen is not null)
        {
            return (null, null, $"Block {block.Number} is frozen already. Thaw it first to freeze it as it is now.");
        }

        var (frozen, problem) = await contents.FreezeAsync(block.Reading.Block!, cancellation);
        return frozen is null ? (null, null, problem) : (ReportEdit.Freeze(report.Text, block, frozen.Sha256), frozen, "Write the block's keys a line each, so that a line can be added to them.");
    }, cancellation);

    private static Task<IResult> ThawAsync(HttpRequest request, string id, string number, string? version, ReportStore store, CancellationToken cancellation) => ChangeBlockAsync(
        request, id, number, store, (report, block) => Task.FromResult<(string?, FrozenData?, string?)>((block.Frozen is null ? null : ReportEdit.Thaw(report.Text, block), null, block.Frozen is null ? $"Block {block.Number} is live already." : "Remove the block's key frozen from the text.")), cancellation);

    private static async Task<IResult> ChangeBlockAsync(
        HttpRequest request, string id, string number, ReportStore store, Func<Report, ReportPart.Block, Task<(string? Text, FrozenData? Frozen, string? Problem)>> change, CancellationToken cancellation)
    {
        var input = new ApiInput(request, "version");
        var (which, version) = (input.Id(nameof(id), id), (int?)input.Number("version", 1, int.MaxValue));
        if (version is null)
        {
            input.Error("version", "version is missing: the version of the report that was read, as in ?version=3.");
        }

        var (report, block, problem) = await BlockAsync(input, which, number, store, cancellation);
        if (block is null)
        {
            return problem!;
        }

        if (report!.Summary.Version != version)
        {
            return Answer(new(ReportSavingResult.Conflict, $"{report.Summary.EditedBy ?? "Someone"} has saved version {report.Summary.Version} meanwhile. Nothing was stored.", report));
        }

        var (text, frozen, impossible) = await change(report, block);
        return text is null
            ? ApiProblem.Create(StatusCodes.Status409Conflict, "Not possible now", impossible!)
            : Answer(await store.SaveAsync(which, version.Value, new ReportDraft(report.Summary.Title, text, frozen is null ? [] : [frozen]), SignedIn.Name(request.HttpContext.User), cancellation));
    }

    private static async Task<IResult> DataAsync(HttpRequest request, string id, string number, ReportStore store, ReportContents contents, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var which = input.Id(nameof(id), id);
        var (_, block, problem) = await BlockAsync(input, which, number, store, cancellation);
        if (block is null)
        {
            return problem!;
        }

        var content = await contents.ReadAsync(which, block, Nothing, curves: true, cancellation);
        return content.Json is { } json ? Results.Bytes(Encoding.UTF8.GetBytes(json), "application/json") : ApiProblem.NotFound($"The data of block {block.Number} is not stored. Thaw it to read the database.");
    }

    private static async Task<IResult> ImageAsync(HttpRequest request, string id, string sha256, ReportStore store, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        var picture = await store.OpenImageAsync(number, sha256, cancellation);
        if (picture is null)
        {
            return ApiProblem.NotFound($"Report {number} has no frozen picture {ApiInput.Shorten(sha256)}.");
        }

        // Named after its bytes.
        request.HttpContext.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Stream(picture, "image/png");
    }

    private static async Task<IResult> ExportAsync(HttpRequest request, string id, ReportStore store, ReportExport export, TrackingOptions options, CancellationToken cancellation)
    {
        var input = new ApiInput(request);
        var number = input.Id(nameof(id), id);
        if (input.Problem is { } problem)
        {
            return problem;
        }

        if (await store.FindAsync(number, cancellation) is not { } report)
        {
            return NoReport(number);
        }

        try
        {
            var origin = options.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
            var html = await export.MakeAsync(report, origin, cancellation);

            // As a file, never as a page of this server.
            return Results.File(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"report-{number}-version-{report.Summary.Version}.html"));
        }
        catch (ReportTooLargeException large)
        {
            return ApiProblem.Create(StatusCodes.Status413PayloadTooLarge, "The report is too large", large.Message);
        }
    }

    private static async Task<(Report? Report, ReportPart.Block? Block, IResult? Problem)> BlockAsync(ApiInput input, long id, string number, ReportStore store, CancellationToken cancellation)
    {
        var which = input.Id("number", number);
        if (input.Problem is { } problem)
        {
            return (null, null, problem);
        }

        if (await store.FindAsync(id, cancellation) is not { } report)
        {
            return (null, null, NoReport(id));
        }

        var blocks = ReportDocument.Parse(report.Text).Blocks;
        return which > blocks.Count ? (null, null, ApiProblem.NotFound($"Report {id} has {(blocks.Count == 0 ? "no blocks" : $"{blocks.Count} block{(blocks.Count == 1 ? "" : "s")}")}, so there is no block {which}."))
            : blocks[(int)which - 1] is { Reading.Block: not null } block ? (report, block, null)
            : (null, null, ApiProblem.Create(StatusCodes.Status409Conflict, "Not possible now", $"Block {which} could not be read. Line {blocks[(int)which - 1].Reading.Problems[0].Line}: {blocks[(int)which - 1].Reading.Problems[0].Message}"));
    }

    private static async Task<(ApiReportInput? Body, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > MostBytes)
        {
            return (null, ApiProblem.Create(StatusCodes.Status413PayloadTooLarge, "The report is too large", $"A report has {ReportStore.MostCharacters:N0} characters at most. Divide it."));
        }

        try
        {
            if (JsonSerializer.Deserialize<ApiReportInput>(buffer.AsSpan(0, length), ContractJson.Options) is { } body)
            {
                return (body, null);
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        return (null, ApiProblem.Bad("body", """The body is a JSON object, as in { "title": "Orders compared", "text": "…Markdown…", "version": 3 }; a new report has no version."""));
    }

    private static ReportDraft Draft(ApiReportInput body) => new(body.Title ?? "", ReportText.Plain(body.Text ?? ""), []);

    private static IResult Answer(ReportSaving saving, bool created = false) => saving.Result switch
    {
        ReportSavingResult.Saved when created => Results.Created($"/api/v1/reports/{saving.Report!.Summary.Id}", ApiReportDetails.From(saving.Report)),
        ReportSavingResult.Saved => Results.Ok(ApiReportDetails.From(saving.Report!)),
        ReportSavingResult.NotFound => ApiProblem.NotFound(saving.Message),
        ReportSavingResult.Conflict => ApiProblem.Create(StatusCodes.Status409Conflict, "Saved by someone else meanwhile", saving.Message, ("version", saving.Report!.Summary.Version)),
        _ => ApiProblem.Create(StatusCodes.Status400BadRequest, "The report was refused", saving.Message),
    };

    private static IResult NoReport(long id) => ApiProblem.NotFound($"There is no report {id}.");
}
