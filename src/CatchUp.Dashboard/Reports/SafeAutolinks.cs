using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace CatchUp.Dashboard.Reports;

/// <summary>Addresses in angle brackets, under the same rule as other links.</summary>
/// <param name="origin">As for <see cref="SafeLinks"/>.</param>
internal sealed class SafeAutolinks(string? origin) : HtmlObjectRenderer<AutolinkInline>
{
    protected override void Write(HtmlRenderer renderer, AutolinkInline link)
    {
        var open = SafeLinks.Open(renderer, link.IsEmail ? "mailto:" + link.Url : link.Url, origin);
        renderer.WriteEscape(link.Url);
        renderer.Write(open ? "</a>" : "");
    }
}
