using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace CatchUp.Dashboard.Reports;

/// <summary>Writes links to safe addresses, and the words alone of all others. Pictures become links too: a page asks no other host for anything.</summary>
/// <param name="origin">What stands before addresses of this server's pages; null where they are read on it.</param>
internal sealed class SafeLinks(string? origin) : HtmlObjectRenderer<LinkInline>
{
    protected override void Write(HtmlRenderer renderer, LinkInline link)
    {
        var address = link.GetDynamicUrl?.Invoke() ?? link.Url;

        // A picture within a link would be a link within a link.
        var open = !IsInLink(link) && Open(renderer, address, origin);
        if (link.FirstChild is null)
        {
            renderer.WriteEscape(address);
        }

        renderer.WriteChildren(link);
        renderer.Write(open ? "</a>" : "");
    }

    /// <returns>Whether a link was begun.</returns>
    public static bool Open(HtmlRenderer renderer, string? address, string? origin)
    {
        if (!SafeAddress.IsSafe(address))
        {
            return false;
        }

        renderer.Write("<a href=\"").WriteEscapeUrl(origin is not null && SafeAddress.IsOwnPage(address!) ? origin + address : address).Write("\" rel=\"nofollow noopener noreferrer\">");
        return true;
    }

    private static bool IsInLink(LinkInline link)
    {
        for (var above = link.Parent; above is not null; above = above.Parent)
        {
            if (above is LinkInline)
            {
                return true;
            }
        }

        return false;
    }
}
