using System.Runtime.InteropServices;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>The Fréchet distance of statistics of 2,048 dimensions against scipy.linalg.sqrtm on the same features.</summary>
internal sealed class FrechetDistance : Scenario
{
    private const int Dimensions = 2048;

    // More than dimensions, so that the covariances have full rank.
    private const int Features = 3000;

    public override string Name => "fid";

    public override string Summary => "the Fréchet distance of 2,048 dimensions against scipy's";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var folder = Directory.CreateDirectory(bench.NewPath()).FullName;
        WriteFeatures(Path.Combine(folder, "real.f32"), seed: 1, scale: 1, shift: 0);
        WriteFeatures(Path.Combine(folder, "generated.f32"), seed: 2, scale: 1.2f, shift: 0.1f);
        string[] work = ["--dimensions", Text($"{Dimensions}")];
        using var ours = bench.Ours("distance", folder, work);
        using var scipy = bench.PyTorch("distance", folder, work);
        var duel = Duel.Fight(ours, scipy, Math.Min(bench.Options.Rounds, 5));
        var (our, their) = (duel.Ours[0].Result, duel.Theirs[0].Result);
        yield return new Row(Text($"Fréchet distance, {Dimensions} dimensions"), Milliseconds(duel.OurSeconds), $"scipy {Milliseconds(duel.TheirSeconds)}", Speed(duel), "≥ 2 ×");
        yield return new Row("its relative difference", Text($"{our:0.000000}"), Text($"scipy {their:0.000000}"), Text($"{Math.Abs(our - their) / their:0.0e+00}"), "≤ 1e-6");
    }

    /// <summary>Rows that are correlated, as features are: each number is a mean of its own draw and its left neighbour.</summary>
    private static void WriteFeatures(string path, int seed, float scale, float shift)
    {
        var random = new Random(seed);
        var values = new float[Features * Dimensions];
        for (var i = 0; i < values.Length; i++)
        {
            var draw = random.NextSingle() - 0.5f;
            values[i] = scale * (i % Dimensions == 0 ? draw : 0.5f * (draw + values[i - 1])) + shift;
        }

        File.WriteAllBytes(path, MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
