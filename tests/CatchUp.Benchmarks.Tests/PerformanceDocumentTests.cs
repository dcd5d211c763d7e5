namespace CatchUp.Benchmarks.Tests;

public sealed class PerformanceDocumentTests
{
    private const string Empty = "before\n\n<!-- figures: speed -->\n<!-- end -->\n\nafter\n<!-- figures: other -->\n<!-- end -->\n";

    [Fact]
    public void Section_receives_the_table_and_the_rest_stays()
    {
        var text = PerformanceDocument.Replace(Empty, "speed", [new Row("update", "1 ms", "2 ms", "2 ×", "≥ 1 ×")], "Here and now.");

        Assert.Equal($"before\n\n<!-- figures: speed -->\n\n{Row.Header}\n| update | 1 ms | 2 ms | 2 × | ≥ 1 × |\n\nHere and now.\n\n<!-- end -->\n\nafter\n<!-- figures: other -->\n<!-- end -->\n", text);
    }

    [Fact]
    public void Line_that_was_measured_again_is_replaced_and_another_one_stays()
    {
        var text = PerformanceDocument.Replace(Empty, "speed", [new Row("small", "1", "1", "1", "1"), new Row("large", "1", "1", "1", "1")], "Yesterday.");

        text = PerformanceDocument.Replace(text, "speed", [new Row("small", "2", "2", "2", "2")], "Today.");

        Assert.Contains($"{Row.Header}\n| large | 1 | 1 | 1 | 1 |\n| small | 2 | 2 | 2 | 2 |\n\nToday.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Yesterday", text, StringComparison.Ordinal);
        Assert.DoesNotContain("| small | 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_without_the_section_is_refused()
    {
        var error = Assert.Throws<BenchmarkException>(() => PerformanceDocument.Replace(Empty, "memory", [], ""));

        Assert.Contains("figures: memory", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training-step")]
    [InlineData("catch-up-forms")]
    [InlineData("sampling")]
    [InlineData("fid")]
    [InlineData("extractor")]
    [InlineData("memory")]
    [InlineData("start-up")]
    [InlineData("checkpoint")]
    [InlineData("managed-overhead")]
    public void Published_document_has_every_section(string scenario)
    {
        var document = File.ReadAllText(Path.Combine(Bench.Repository, "docs", "performance.md"));

        Assert.Contains("| x | ", PerformanceDocument.Replace(document, scenario, [new Row("x", "", "", "", "")], ""), StringComparison.Ordinal);
    }
}
