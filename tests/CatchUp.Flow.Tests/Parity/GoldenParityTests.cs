using CatchUp.Flow.Parity;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Parity;

public sealed class GoldenParityTests(ITestOutputHelper output)
{
    private static readonly string[] KnownKinds = [
        "velocity-network", "adm-network", "noise-encoder", "learned-coupling-loss", "catch-up-loss", "consistency-distillation",
        "progressive-distillation", "wavelet-loss", "training-trajectory", "sampler", "generative-metrics", "inception-features",
    ];

    public static TheoryData<string> Cases => [.. GoldenFolder.CaseNames()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Golden_case_of_a_known_kind_passes_and_any_other_is_skipped(string name)
    {
        var folder = Path.Combine(GoldenFolder.Require(), name);

        var result = ParityRunner.Check(folder, CPU);

        output.WriteLine($"{result.Kind}: {result.Outcome} {result.Largest} {result.Remark}");
        Assert.Equal(KnownKinds.Contains(result.Kind) ? ParityOutcome.Passed : ParityOutcome.Skipped, result.Outcome);
    }

    [Fact]
    public void Golden_cases_cover_every_known_kind()
    {
        var folder = GoldenFolder.Require();

        var kinds = Directory.GetDirectories(folder).Select(path =>
        {
            using var parityCase = ParityCase.Open(path, CPU);
            return parityCase.Kind;
        });

        Assert.Superset(KnownKinds.ToHashSet(), kinds.ToHashSet());
    }
}
