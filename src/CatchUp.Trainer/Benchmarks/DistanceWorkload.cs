using System.Runtime.InteropServices;
using CatchUp.Flow.Evaluation;
using CatchUp.Trainer.Input;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>The Fréchet distance between the statistics of two files of features, float32, row after row. Reading them and their statistics take no part in a round.</summary>
internal sealed class DistanceWorkload : Workload
{
    private readonly FeatureStatistics real;
    private readonly FeatureStatistics generated;

    /// <param name="folder">Has real.f32 and generated.f32.</param>
    /// <param name="dimensions">Numbers in a row.</param>
    public DistanceWorkload(string folder, int dimensions)
    {
        real = Read(Path.Combine(folder, "real.f32"), dimensions);
        generated = Read(Path.Combine(folder, "generated.f32"), dimensions);
    }

    public override string Unit => "distance";

    public override int UnitsPerRound => 1;

    public override double? Round() => FrechetDistance.Between(real, generated);

    public override void Dispose()
    {
        real.Dispose();
        generated.Dispose();
    }

    private static FeatureStatistics Read(string path, int dimensions)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"There is no {path}.");
        }

        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
        if (values.Length < 2 * dimensions || values.Length % dimensions != 0)
        {
            throw new BadInputException($"{path} has {values.Length} numbers, which are not rows of {dimensions}, two or more.");
        }

        var statistics = new FeatureStatistics(dimensions);
        statistics.Add(tensor(values).view(-1, dimensions));
        return statistics;
    }
}
