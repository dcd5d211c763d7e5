using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Reports;

/// <summary>
/// A report as one HTML file: no script, no request, pictures and charts in it. Its policy allows nothing but the one style sheet and
/// pictures that are in the file.
/// </summary>
internal sealed class ReportExport(ReportContents contents, ArtifactDirectory artifacts, TimeProvider time)
{
    public const int MostBytes = 20 * 1024 * 1024;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(ReportStyle.Css)));

    /// <param name="report">What to write.</param>
    /// <param name="origin">Where the server's pages are, for links: "https://catchup.example.org".</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReportTooLargeException">It would be too large.</exception>
    public async Task<string> MakeAsync(Report report, string origin, CancellationToken cancellation)
    {
        var document = ReportDocument.Parse(report.Text, origin);
        var html = new StringBuilder();
        Head(html, report, origin);
        var sizes = new List<(ReportPart.Block Part, long Bytes)>();
        foreach (var part in document.Parts)
        {
            var before = html.Length;
            switch (part)
            {
                case ReportPart.Prose prose:
                    html.Append(prose.Html);
                    break;
                case ReportPart.Block block:
                    await AppendAsync(html, report.Summary.Id, block, cancellation);
                    sizes.Add((block, html.Length - before));
                    break;
            }

            if (html.Length > MostBytes)
            {
                var largest = sizes.MaxBy(size => size.Bytes);
                throw new ReportTooLargeException(
                    $"The report would be larger than {MostBytes >> 20} MB as one file. {(largest.Part is null ? "Shorten its text." : $"The largest of its blocks so far is the {ReportWords.Kind(largest.Part.Kind)} at line {largest.Part.Line} with {Figures.Bytes(largest.Bytes)}: let it show fewer runs{(largest.Part.Kind == ReportBlockKind.Matrix ? " or NFEs" : "")}.")}");
            }
        }

        return html.Append("</main></body></html>\n").ToString();
    }

    private void Head(StringBuilder html, Report report, string origin)
    {
        var title = Safe(report.Summary.Title);
        var address = Safe(string.Create(CultureInfo.InvariantCulture, $"{origin}/reports/{report.Summary.Id}"));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-{StyleHash}'; base-uri 'none'; form-action 'none'\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">");
        html.Append(CultureInfo.InvariantCulture, $"<title>{title}</title><style>{ReportStyle.Css}</style></head><body><main><h1>{title}</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"about\">{(report.Summary.Owner is { } owner ? $"By {Safe(owner)}. " : "")}Version {report.Summary.Version}, saved {ReportWords.Time(report.Summary.UpdatedAt)}. Exported {ReportWords.Time(time.GetUtcNow())} by CatchUp Platform {Safe(ServerVersion.Text)} from <a href=\"{address}\" rel=\"noopener noreferrer\">{address}</a>.</p>\n");
    }

    private async Task AppendAsync(StringBuilder html, long report, ReportPart.Block part, CancellationToken cancellation)
    {
        if (part.Reading.Block is not { } block)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure class=\"block\" id=\"block-{part.Number}\"><figcaption>{Safe(ReportWords.Kind(part.Kind))}</figcaption><p class=\"changed\">This block could not be read: {Safe(string.Join(" ", part.Reading.Problems.Select(problem => problem.Message)))}</p></figure>\n");
            return;
        }

        var content = await contents.ReadAsync(report, part, new Dictionary<string, FrozenData>(), curves: true, cancellation);
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"block\" id=\"block-{part.Number}\"><figcaption>{Safe(ReportWords.TitleOf(block))}</figcaption>");
        if (content.Data is not { } data)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"changed\">The data of this frozen block is not stored.</p><p class=\"hash\">SHA-256 {content.Sha256}</p></figure>\n");
            return;
        }

        if (ReportWords.Empty(data) is { } empty)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(empty)}</p>");
        }
        else
        {
            await AppendAsync(html, block, data, cancellation);
        }

        foreach (var sentence in ReportWords.Missing(data))
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(sentence)}</p>");
        }

        if (content.Changes.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"changed\">Since it was frozen: {Safe(string.Join(" ", content.Changes))}</p>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<p class=\"hash\">{(content.IsFrozen ? "Frozen" : "Read")} {ReportWords.Time(content.At!.Value)} by version {Safe(content.Server!)}. Data SHA-256 {content.Sha256}</p></figure>\n");
    }

    private async Task AppendAsync(StringBuilder html, ReportBlock block, ReportData data, CancellationToken cancellation)
    {
        switch (data.Block.Kind)
        {
            case ReportBlockKind.Table:
                Table(html, data);
                break;
            case ReportBlockKind.Matrix:
                await MatrixAsync(html, data, block.Zoom, cancellation);
                break;
            case ReportBlockKind.Chart when data.Block.Over == ReportAxis.Nfe:
                OverNfe(html, data);
                break;
            default:
                Curves(html, data);
                break;
        }
    }

    private static void Curves(StringBuilder html, ReportData data)
    {
        var (series, view, metric, axis) = (ReportCharts.SeriesOf(data), ReportCharts.ViewOf(data.Block), data.Block.Metric ?? "", ReportCharts.AxisOf(data));
        if (series.All(one => one.Buckets.Count == 0))
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">None of these runs has points of {Safe(metric)}.</p>");
            return;
        }

        var title = $"{metric} over {axis}: {Figures.Plural(series.Count, "curve", "curves")}. The numbers follow as a table.";
        Scroll(html, $"Chart of {metric}", () => html.Append(SvgChart.Curves(series, view, axis, metric, title)));
        Legend(html, [.. series.Select(one => (one.Label, one.Style.Colour))]);
        var wide = series.Any(one => one.BucketWidth > 1);
        var notes = new List<string>();
        if (view.Smoothing > 0)
        {
            notes.Add($"Moving average (EMA) with a window of {view.Smoothing} points; the values themselves are the faint lines.");
        }

        if (wide)
        {
            notes.Add("Bands are the exact extremes of all points.");
        }

        if (series.Any(one => one.Buckets.Any(bucket => bucket.NotFinite > 0)))
        {
            notes.Add("Crosses mark values that were not finite.");
        }

        if (notes.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(string.Join(" ", notes))}</p>");
        }

        var steps = series.SelectMany(one => one.Buckets).Select(bucket => bucket.Step).Distinct().Order().ToList();
        var values = series.Select(one => one.Buckets.GroupBy(bucket => bucket.Step).ToDictionary(group => group.Key, group => group.Last())).ToList();
        Data(html, $"Data of {metric}", () =>
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"col\" class=\"number\">{Safe(axis)}</th>");
            foreach (var one in series)
            {
                html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"number\">{Safe(one.Label)}</th>");
            }

            html.Append("</tr></thead><tbody>");
            foreach (var step in steps)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\" class=\"number\">{Figures.Count(step)}</th>");
                foreach (var one in values)
                {
                    html.Append("<td class=\"number\">").Append(one.TryGetValue(step, out var bucket) ? Safe(Text(bucket)) : "").Append("</td>");
                }

                html.Append("</tr>");
            }
        });
    }

    private static string Text(CurveBucket bucket) => bucket switch
    {
        { Value: null } => "NaN",
        { Count: > 1 } => $"{Figures.Number(bucket.Value, 6)} ({Figures.Number(bucket.Low)} to {Figures.Number(bucket.High)})",
        _ => Figures.Number(bucket.Value, 6),
    };

    private static void OverNfe(StringBuilder html, ReportData data)
    {
        var metric = MetricWord.Of(data.Block.Metric ?? "fid");
        var all = ReportCharts.LinesOf(data);
        if (all.Count > 1)
        {
            html.Append("<p class=\"note\">Unlike protocols are not drawn together.</p>");
        }

        foreach (var (protocol, lines) in all)
        {
            var title = $"{metric} over NFE: {Figures.Plural(lines.Count, "line", "lines")}, {protocol.Text}. The numbers follow as a table.";
            Scroll(html, $"Chart of {metric}, {protocol.Text}", () => html.Append(SvgChart.OverNfe(lines, data.Block.Log, metric, title)));
            Legend(html, [.. lines.Select(line => (line.Label, line.Style.Colour))]);
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(protocol.Text)}</p>");
            var nfes = lines.SelectMany(line => line.Points).Select(point => point.Nfe).Distinct().Order().ToList();
            Data(html, $"Data of {metric}, {protocol.Text}", () =>
            {
                html.Append("<tr><th scope=\"col\">Line</th><th scope=\"col\" class=\"number\">step</th>");
                foreach (var nfe in nfes)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"number\">NFE {nfe}</th>");
                }

                html.Append("</tr></thead><tbody>");
                foreach (var line in lines)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Safe(line.Label)}</th><td class=\"number\">{Figures.Count(line.Points.Max(point => point.Step))}</td>");
                    foreach (var nfe in nfes)
                    {
                        html.Append("<td class=\"number\">").Append(line.Points.FirstOrDefault(point => point.Nfe == nfe) is { } point ? Safe(Figures.WithInterval(point.Value, point.Low, point.High)) : "").Append("</td>");
                    }

                    html.Append("</tr>");
                }
            });
        }
    }

    private static void Table(StringBuilder html, ReportData data)
    {
        var table = ReportTableView.Of(data);
        Scroll(html, "Table of runs", () =>
        {
            html.Append("<table><thead><tr>");
            foreach (var column in table.Columns)
            {
                html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{(column.IsNumber ? " class=\"number\"" : "")}>{Safe(column.Title)}</th>");
            }

            html.Append("</tr></thead><tbody>");
            foreach (var (_, cells) in table.Rows)
            {
                html.Append("<tr>");
                foreach (var (index, cell) in cells.Index())
                {
                    var classes = $"{(cell.IsNumber ? "number" : table.Columns[index].Id == "name" ? "name" : "")}{(cell.IsBest ? " best" : "")}".Trim();
                    html.Append(CultureInfo.InvariantCulture, $"<td{(classes.Length == 0 ? "" : $" class=\"{classes}\"")}{(cell.Exact.Length == 0 || cell.Exact == cell.Text ? "" : $" title=\"{Safe(cell.Exact)}\"")}>{Safe(cell.Text)}{(cell.IsUnlike ? " ≠" : "")}</td>");
                }

                html.Append("</tr>");
            }

            html.Append("</tbody></table>");
        });
        foreach (var protocol in table.Protocols)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(protocol)}</p>");
        }

        if (table.Rows.Any(row => row.Cells.Any(cell => cell.IsUnlike)))
        {
            html.Append("<p class=\"note\">≠ was measured otherwise than most of its column and is not ranked with it.</p>");
        }
    }

    private async Task MatrixAsync(StringBuilder html, ReportData data, int zoom, CancellationToken cancellation)
    {
        var nfes = data.Grids.Select(grid => grid.Nfe).Distinct().Order().ToList();
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Samples\"><table class=\"matrix\"><thead><tr><th scope=\"col\">Run</th>");
        foreach (var nfe in nfes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">NFE {nfe}</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var run in data.Runs.Where(run => data.Grids.Any(grid => grid.RunId == run.Id)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Safe(data.LabelOf(run.Id))}</th>");
            foreach (var nfe in nfes)
            {
                html.Append("<td>");
                if (data.Grids.FirstOrDefault(grid => grid.RunId == run.Id && grid.Nfe == nfe) is { } grid)
                {
                    await PictureAsync(html, grid, data.LabelOf(run.Id), zoom, cancellation);
                }

                html.Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append(CultureInfo.InvariantCulture, $"</tbody></table></div><p class=\"note\">{Safe(ReportWords.Common(data.Grids))}</p>");
    }

    private async Task PictureAsync(StringBuilder html, SampleGrid grid, string label, int zoom, CancellationToken cancellation)
    {
        var identity = ReportWords.Identity(grid);
        var file = artifacts.Open(grid.Sha256);
        if (file is null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"note\">The picture is not stored any more ({Safe(identity)}).</span>");
            return;
        }

        await using (file)
        {
            if (file.Length > MostBytes || html.Length + (file.Length * 4 / 3) > MostBytes)
            {
                throw new ReportTooLargeException($"The report would be larger than {MostBytes >> 20} MB as one file. The picture that is too much is {identity}: let its matrix show fewer runs or NFEs.");
            }

            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellation);
            html.Append(CultureInfo.InvariantCulture, $"<img src=\"data:image/png;base64,{Convert.ToBase64String(bytes)}\" width=\"{grid.Columns * grid.CellWidth * zoom}\" height=\"{grid.Rows * grid.CellHeight * zoom}\" alt=\"{Safe($"Samples of {label}: {identity}")}\" title=\"{Safe(identity)}\">");
        }
    }

    private static void Scroll(StringBuilder html, string label, Action content)
    {
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Safe(label)}\">");
        content();
        html.Append("</div>");
    }

    /// <summary>Where labels do not stand at the ends of lines.</summary>
    private static void Legend(StringBuilder html, IReadOnlyList<(string Label, int Colour)> lines)
    {
        if (lines.Count is > 1 and <= SvgChart.MostLabels)
        {
            return;
        }

        html.Append("<ul class=\"legend\">");
        foreach (var (label, colour) in lines)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"s{colour}\"></span>{Safe(label)}</li>");
        }

        html.Append("</ul>");
    }

    private static void Data(StringBuilder html, string label, Action rows)
    {
        html.Append(CultureInfo.InvariantCulture, $"<details><summary>{Safe(label)}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Safe(label)}\"><table><thead>");
        rows();
        html.Append("</tbody></table></div></details>");
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
