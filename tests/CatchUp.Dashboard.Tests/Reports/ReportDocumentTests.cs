using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CatchUp.Dashboard.Reports;
using CatchUp.Tracking.Reports;
using CsCheck;

namespace CatchUp.Dashboard.Tests.Reports;

public sealed class ReportDocumentTests
{
    /// <summary>All that a report's text may become, with what it may have.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["a"] = ["href", "rel"], ["div"] = ["class", "tabindex", "role", "aria-label"], ["th"] = ["class"], ["td"] = ["class"], ["ol"] = ["start", "type"],
        ["p"] = [], ["h2"] = [], ["h3"] = [], ["h4"] = [], ["h5"] = [], ["h6"] = [], ["ul"] = [], ["li"] = [], ["blockquote"] = [], ["pre"] = [], ["code"] = [], ["em"] = [], ["strong"] = [], ["del"] = [],
        ["ins"] = [], ["mark"] = [], ["sub"] = [], ["sup"] = [], ["br"] = [], ["hr"] = [], ["table"] = [], ["thead"] = [], ["tbody"] = [], ["tr"] = [],
    };

    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><script>alert(1)</script></svg>", "<a href=\"javascript:alert(1)\">x</a>", "<iframe src=\"https://evil.example\"></iframe>",
        "<div style=\"background:url(https://evil.example/x)\">x</div>", "<style>*{background:url(//evil.example)}</style>", "<div style=\"width:expression(alert(1))\">", "<base href=\"https://evil.example/\">", "<form action=//evil.example><button>", "<!-- --><object data=x>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#x0A;script:alert(1))", "[x](&#x6A;avascript:alert(1))", "[x](\u0001javascript:alert(1))", "[x](vbscript:x)", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](blob:https://x/1)", "[x](file:///etc/passwd)",
        "[x](//evil.example)", "[x](/\\evil.example)", "[x](/&Tab;/evil.example)", "[x](\" onclick=alert(1) \")", "[x](https://ok.example/\" onmouseover=\"alert(1))", "[x](https://ok.example 'title\" onmouseover=\"alert(1)')",
        "<javascript:alert(1)>", "<data:text/html,x>", "<https://ok.example/?a=\"><script>alert(1)</script>>", "[x][ref]\n\n[ref]: javascript:alert(1)", "![x](javascript:alert(1))", "![x](https://evil.example/pixel.png)", "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[![x](https://evil.example/a.png)](https://ok.example)", "[[x](https://a.example)](https://b.example)", "```html\" onclick=\"alert(1)\nx\n```", "``` \"><script>alert(1)</script>\nx\n```", "`<script>alert(1)</script>`", "    <script>alert(1)</script>",
        "| a |\n|--:|\n| <script>alert(1)</script> |", "# <img src=x onerror=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\<script>alert(1)\\</script>", "<<script>script>alert(1)<</script>/script>", "x{onclick=alert(1)}", "[x](https://a.example){onclick=alert(1)}",
        "www.example.org/<script>", "https://example.org/\"onmouseover=alert(1)", "<a@b.example\" onclick=alert(1)>", "[x](mailto:a@b.example?subject=<script>)",
    ];

    [Fact]
    public void Nothing_that_a_user_writes_becomes_script_style_or_a_request() => Assert.All(Hostile, AssertHarmless);

    [Fact]
    public void No_mixture_of_hostile_pieces_does_either()
    {
        string[] glues = ["", " ", "\n", "\n\n", "> ", "- ", "**", "`", "|", "[", "](", ")", "\n| a |\n|---|\n| ", "<", ">", "\"", "&#", "\\"];
        var (piece, glue) = (Gen.Int[0, Hostile.Length - 1].Select(index => Hostile[index]), Gen.Int[0, glues.Length - 1].Select(index => glues[index]));
        Gen.Select(piece, glue, piece, glue, piece).Sample((a, b, c, d, e) => AssertHarmless(a + b + c + d + e), iter: 3000);
    }

    [Theory]
    [InlineData("[x](https://a.example/b?c=d&e=f)", "https://a.example/b?c=d&e=f")]
    [InlineData("[x](/runs/12?tab=samples)", "/runs/12?tab=samples")]
    [InlineData("[x](mailto:a@b.example)", "mailto:a@b.example")]
    [InlineData("https://a.example/b", "https://a.example/b")]
    [InlineData("<https://a.example/b>", "https://a.example/b")]
    [InlineData("![a picture](https://a.example/b.png)", "https://a.example/b.png")]
    public void Useful_links_stay_links_and_pictures_become_links(string text, string address)
    {
        var link = Assert.Single(Html(text).QuerySelectorAll("a"));

        Assert.Equal(address, link.GetAttribute("href"));
        Assert.NotEmpty(link.TextContent);
    }

    [Fact]
    public void Addresses_of_the_server_become_whole_in_a_file()
    {
        var prose = (ReportPart.Prose)Assert.Single(ReportDocument.Parse("[x](/runs/12) [y](https://a.example)", "https://catchup.example").Parts);

        Assert.Contains("href=\"https://catchup.example/runs/12\"", prose.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://a.example\"", prose.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_stand_between_prose_with_their_lines()
    {
        var document = ReportDocument.Parse("# One\n\ntext [a][b]\n\n```chart\nruns: [1]\nmetric: loss\n```\n\n## Two\n\n~~~~table\nfilter: tag:night\n~~~~\nend\n\n[b]: https://b.example\n");

        Assert.Collection(
            document.Parts,
            part => Assert.Contains("<h2>One</h2>", ((ReportPart.Prose)part).Html, StringComparison.Ordinal),
            part => Assert.Equal((1, ReportBlockKind.Chart, 5, 8), (((ReportPart.Block)part).Number, ((ReportPart.Block)part).Kind, ((ReportPart.Block)part).Line, ((ReportPart.Block)part).EndLine)),
            part => Assert.Contains("<h3>Two</h3>", ((ReportPart.Prose)part).Html, StringComparison.Ordinal),
            part => Assert.Equal((2, ReportBlockKind.Table, 12, 14), (((ReportPart.Block)part).Number, ((ReportPart.Block)part).Kind, ((ReportPart.Block)part).Line, ((ReportPart.Block)part).EndLine)),
            part => Assert.Contains("end", ((ReportPart.Prose)part).Html, StringComparison.Ordinal));
        Assert.Contains("href=\"https://b.example\"", ((ReportPart.Prose)document.Parts[0]).Html, StringComparison.Ordinal);
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void A_block_within_another_fence_is_shown_as_text()
    {
        var document = ReportDocument.Parse("`````\n```chart\nruns: [1]\nmetric: loss\n```\n`````\n");

        Assert.Contains("```chart", ((ReportPart.Prose)Assert.Single(document.Parts)).Html, StringComparison.Ordinal);
        Assert.Empty(document.Problems);
    }

    [Theory]
    [InlineData("text\n\n```chrt\nruns: [1]\n```", 3, "There is no block 'chrt', so it is shown as text. Did you mean chart?")]
    [InlineData("- item\n\n  ```chart\n  runs: [1]\n  ```", 3, "A chart stands at the left edge")]
    [InlineData("```chart\nruns: [1]\nmetric: loss\n", 1, "This block is not closed.")]
    [InlineData("x\n\n```chart\nruns: [1]\nmetrik: loss\n```", 5, "Unknown key 'metrik'. Did you mean metric?")]
    public void What_was_probably_meant_as_a_block_is_told(string text, int line, string message)
    {
        var problem = ReportDocument.Parse(text).Problems[0];

        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
    }

    [Fact]
    public void A_text_nested_without_end_is_told_and_does_no_harm()
    {
        Assert.Contains("nested too deeply", ReportDocument.Parse(new string('>', 100_000) + " x").Problems[0].Message, StringComparison.Ordinal);
        AssertHarmless(string.Concat(Enumerable.Repeat("[", 20_000)) + string.Concat(Enumerable.Repeat("](javascript:x)", 20_000)));
        AssertHarmless(string.Concat(Enumerable.Repeat("**a *b ", 10_000)));
    }

    [Fact]
    public void There_are_so_many_blocks_at_most()
    {
        var document = ReportDocument.Parse(string.Concat(Enumerable.Repeat("```table\nruns: [1]\n```\n\n", ReportDocument.MostBlocks + 2)));

        Assert.Equal(2, document.Problems.Count);
        Assert.Null(document.Blocks[^1].Reading.Block);
    }

    [Fact]
    public void Freezing_writes_one_line_and_thawing_takes_it_out()
    {
        var (sha256, other) = (new string('a', 64), new string('b', 64));
        const string Text = "start\n\n```chart\n  runs: [1]\n  metric: loss\n```\n\n```table\nruns: [2]\n\n```\nend\n";
        var blocks = ReportDocument.Parse(Text).Blocks;

        var frozen = ReportEdit.Freeze(Text, blocks[0], sha256)!;
        var both = ReportEdit.Freeze(frozen, ReportDocument.Parse(frozen).Blocks[1], other)!;
        var again = ReportEdit.Freeze(both, ReportDocument.Parse(both).Blocks[0], other)!;

        Assert.Equal($"start\n\n```chart\n  runs: [1]\n  metric: loss\n  frozen: {sha256}\n```\n\n```table\nruns: [2]\n\n```\nend\n", frozen);
        Assert.Equal([sha256, other], ReportDocument.Parse(both).Blocks.Select(block => block.Frozen));
        Assert.Equal([other, other], ReportDocument.Parse(again).Blocks.Select(block => block.Frozen));
        var thawed = ReportEdit.Thaw(both, ReportDocument.Parse(both).Blocks[0])!;
        Assert.Equal(Text, ReportEdit.Thaw(thawed, ReportDocument.Parse(thawed).Blocks[1]));
    }

    [Fact]
    public void A_block_whose_keys_share_a_line_cannot_be_frozen()
    {
        const string Text = "```chart\n{ runs: [1], metric: loss }\n```";

        Assert.Null(ReportEdit.Freeze(Text, ReportDocument.Parse(Text).Blocks[0], new string('a', 64)));
    }

    private static void AssertHarmless(string text)
    {
        var html = Html(text);
        foreach (var element in html.QuerySelectorAll("body *"))
        {
            Assert.True(Allowed.TryGetValue(element.LocalName, out var attributes), $"{element.LocalName} from {text}: {html.Body!.InnerHtml}");
            Assert.All(element.Attributes, attribute => Assert.True(attributes.Contains(attribute.Name), $"{attribute.Name} of {element.LocalName} from {text}: {html.Body!.InnerHtml}"));
            Assert.True(element.GetAttribute("class") is null or "table-scroll" or "number");
            if (element.GetAttribute("href") is { } address)
            {
                Assert.Matches("^(https?://|mailto:|/$|/[^/\\\\])", address);
                Assert.DoesNotContain(address, letter => char.IsControl(letter) || char.IsWhiteSpace(letter));
            }
        }

        Assert.Empty(html.Head!.Children);
        Assert.Empty(html.Descendants<IComment>());
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Html(string text) =>
        new HtmlParser().ParseDocument($"<!DOCTYPE html><html><head></head><body>{string.Concat(ReportDocument.Parse(text).Parts.OfType<ReportPart.Prose>().Select(prose => prose.Html))}</body></html>");
}
