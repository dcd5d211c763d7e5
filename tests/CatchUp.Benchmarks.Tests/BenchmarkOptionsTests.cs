namespace CatchUp.Benchmarks.Tests;

public sealed class BenchmarkOptionsTests
{
    [Fact]
    public void Scenarios_and_options_are_told_apart()
    {
        var options = BenchmarkOptions.Read(["fid", "--rounds", "3", "memory", "--presets", "a,b", "--threads", "1"]);

        Assert.Equal(["fid", "memory"], options.Scenarios);
        Assert.Equal((3, 1), (options.Rounds, options.Threads));
        Assert.Equal(["a", "b"], options.Presets);
        Assert.Null(options.Document);
    }

    [Theory]
    [InlineData("needs a value", "--rounds")]
    [InlineData("whole number", "--rounds", "0")]
    [InlineData("whole number", "--threads", "two")]
    [InlineData("Unknown option --speed", "--speed", "9")]
    public void What_is_not_understood_is_refused(string reason, params string[] arguments)
    {
        var error = Assert.Throws<BenchmarkException>(() => BenchmarkOptions.Read(arguments));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
