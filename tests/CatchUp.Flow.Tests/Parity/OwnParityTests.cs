using System.Text.Json;
using CatchUp.Flow.Parity;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Parity;

/// <summary>The cases that our own PyTorch script makes from METHOD alone (tests/parity). They come with the repository, so nothing here is ever skipped.</summary>
public sealed class OwnParityTests(ITestOutputHelper output)
{
    private static string Folder { get; } = Repository.Folder("tests/parity/cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Own_case_passes_whole(string name)
    {
        var result = ParityRunner.Check(Path.Combine(Folder, name), CPU);

        output.WriteLine($"{result.Kind}: {result.Outcome} {result.Largest} {result.Remark}");
        Assert.Equal(ParityOutcome.Passed, result.Outcome);
        Assert.Null(result.Remark);
    }

    [Fact]
    public void Own_cases_are_of_every_kind_and_small()
    {
        var kinds = Directory.GetFiles(Folder, "case.json", SearchOption.AllDirectories).Select(path =>
        {
            using var description = JsonDocument.Parse(File.ReadAllBytes(path));
            return description.RootElement.GetProperty("kind").GetString()!;
        });
        var bytes = new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

        Assert.Equal(
            [
                "adm-network", "catch-up-loss", "consistency-distillation", "generative-metrics", "inception-features", "learned-coupling-loss",
                "noise-encoder", "progressive-distillation", "sampler", "training-trajectory", "velocity-network", "wavelet-loss",
            ],
            kinds.Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(bytes, 1, 3_000_000);
    }
}
