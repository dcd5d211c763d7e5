using Markdig.Extensions.Tables;
using Markdig.Renderers;

namespace CatchUp.Dashboard.Reports;

/// <summary>Tables that scroll by themselves, aligned by classes: a strict page takes no style attributes.</summary>
internal sealed class ScrollingTables : HtmlTableRenderer
{
    protected override void Write(HtmlRenderer renderer, Table table)
    {
        renderer.EnsureLine();
        renderer.WriteLine("<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">");
        base.Write(renderer, table);
        renderer.EnsureLine();
        renderer.WriteLine("</div>");
    }
}
