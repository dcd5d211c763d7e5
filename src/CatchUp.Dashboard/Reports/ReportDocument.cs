using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Reports;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;

namespace CatchUp.Dashboard.Reports;

/// <summary>
/// A report's text, divided into prose and blocks. HTML that is written into it stays text: Markdig reads none, so there is none to be
/// cleaned afterwards; what is left to check are addresses (<see cref="SafeAddress"/>).
/// </summary>
public sealed class ReportDocument
{
    public const int MostBlocks = 50;

    private static readonly Dictionary<string, ReportBlockKind> Kinds = Enum.GetValues<ReportBlockKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant());

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras().UseAutoLinks().Build();

    private ReportDocument(IReadOnlyList<ReportPart> parts, IReadOnlyList<ReportProblem> problems) => (Parts, Problems) = (parts, problems);

    public IReadOnlyList<ReportPart> Parts { get; }

    public IReadOnlyList<ReportPart.Block> Blocks => [.. Parts.OfType<ReportPart.Block>()];

    /// <summary>Of the whole text, those of its blocks with them.</summary>
    public IReadOnlyList<ReportProblem> Problems { get; }

    /// <param name="text">Markdown.</param>
    /// <param name="origin">What stands before addresses of this server's pages; null where they are read on it.</param>
    public static ReportDocument Parse(string text, string? origin = null)
    {
        MarkdownDocument markdown;
        try
        {
            markdown = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig's guard against texts that would fill the stack.
            return new([new ReportPart.Prose("<p>This text is nested too deeply to be shown.</p>")], [new(1, 1, "The text is nested too deeply: too many lists or quotes within each other. Take some levels out.")]);
        }

        var (parts, problems, prose) = (new List<ReportPart>(), new List<ReportProblem>(), new List<Block>());
        Tame(markdown);
        foreach (var block in markdown)
        {
            if (block is not FencedCodeBlock fence || !Kinds.TryGetValue(fence.Info ?? "", out var kind))
            {
                prose.Add(block);
                Warn(block, problems);
                continue;
            }

            Flush();
            var lines = fence.Lines.Count;
            var body = fence.Lines.ToString();
            var reading = ReportBlockReader.Read(kind, body, fence.Line + 2);
            if (fence.ClosingFencedCharCount == 0)
            {
                reading = new(null, [new(fence.Line + 1, 1, $"This block is not closed. Write ``` on a line of its own behind its last key.")]);
            }
            else if (parts.OfType<ReportPart.Block>().Count() >= MostBlocks)
            {
                reading = new(null, [new(fence.Line + 1, 1, $"A report has {MostBlocks} blocks at most. Divide it.")]);
            }

            problems.AddRange(reading.Problems);
            parts.Add(new ReportPart.Block(parts.OfType<ReportPart.Block>().Count() + 1, kind, fence.Line + 1, fence.Line + 2 + lines, body, reading));
        }

        Flush();
        return new(parts, problems);

        void Flush()
        {
            if (prose.Count > 0)
            {
                parts.Add(new ReportPart.Prose(Render(prose, origin)));
                prose.Clear();
            }
        }
    }

    /// <summary>Headings below the page's own, no class that a fence's language chooses, no style attributes.</summary>
    private static void Tame(MarkdownDocument markdown)
    {
        foreach (var block in markdown.Descendants())
        {
            switch (block)
            {
                case HeadingBlock heading:
                    heading.Level = Math.Min(6, heading.Level + 1);
                    break;
                case FencedCodeBlock fence:
                    fence.SetAttributes(new HtmlAttributes());
                    break;
                case Table table:
                    Align(table);
                    break;
            }
        }
    }

    private static void Align(Table table)
    {
        foreach (var cell in table.OfType<TableRow>().SelectMany(row => row.OfType<TableCell>().Index()))
        {
            if (cell.Index < table.ColumnDefinitions.Count && table.ColumnDefinitions[cell.Index].Alignment == TableColumnAlign.Right)
            {
                cell.Item.GetAttributes().AddClass("number");
            }
        }

        foreach (var column in table.ColumnDefinitions)
        {
            column.Alignment = null;
        }
    }

    /// <summary>A fence whose word is nearly one of ours, or that is not at the left edge, was probably meant as a block.</summary>
    private static void Warn(Block block, List<ReportProblem> problems)
    {
        foreach (var fence in block is FencedCodeBlock self ? [self] : block.Descendants<FencedCodeBlock>())
        {
            var first = fence.Lines.Count > 0 ? fence.Lines.Lines[0].ToString() : "";
            if (!first.StartsWith("runs:", StringComparison.Ordinal) && !first.StartsWith("filter:", StringComparison.Ordinal))
            {
                continue;
            }

            if (Kinds.ContainsKey(fence.Info ?? ""))
            {
                problems.Add(new(fence.Line + 1, 1, $"A {fence.Info} stands at the left edge, not within a list or a quote; here it is shown as text."));
            }
            else if (ClosestWord.Find(fence.Info ?? "", Kinds.Keys) is { } closest)
            {
                problems.Add(new(fence.Line + 1, 1, $"There is no block '{fence.Info}', so it is shown as text. Did you mean {closest}?", closest));
            }
        }
    }

    private static string Render(IReadOnlyList<Block> blocks, string? origin)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<LinkInlineRenderer>(new SafeLinks(origin));
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new SafeAutolinks(origin));
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new ScrollingTables());
        foreach (var block in blocks)
        {
            renderer.Write(block);
        }

        return writer.ToString();
    }
}
