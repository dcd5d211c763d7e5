using System.Diagnostics;
using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Trainer.Evaluations;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>What one run will cost on this machine: measured updates and images, and the hours that follow from them.</summary>
internal sealed class MachineReport(RunSpecification specification, TrainerSettings settings, Device device, int rounds, TextWriter output)
{
    /// <summary>A round makes as many units as take about this long.</summary>
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(2);

    public void Write()
    {
        output.WriteLine("| | |");
        output.WriteLine("|---|---|");
        var (update, heads) = MeasureTraining();
        var samplings = specification.Evaluation.Samples == 0 ? [] : Sampling.All(specification.Evaluation, heads);
        var image = samplings.Sum(MeasureSampling);
        Row("memory at its peak", Invariant($"{Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:0} MiB"));

        var evaluations = Evaluations();
        var training = specification.Training.Iterations * update;
        var generating = evaluations * specification.Evaluation.Samples * image;
        Row("the whole run", Invariant($"{Duration(training)} for {specification.Training.Iterations} updates, {Duration(generating)} for the images of {evaluations} evaluations: {Duration(training + generating)}"));
    }

    /// <summary>Seconds per update, and the network's heads.</summary>
    private (double Seconds, int Heads) MeasureTraining()
    {
        using var workload = Sized(updates => new TrainingWorkload(specification, settings, device, updates), 1);
        var facts = workload.Facts;
        Row("network", Invariant($"{facts["parameters"] / 1e6:0.###} M parameters, {facts["channels"]}×{facts["size"]}×{facts["size"]} images, batch {specification.Training.BatchSize}"));
        Row("device", Invariant($"{device}, {get_num_threads()} threads"));
        var seconds = Measure(workload);
        Row("update", Invariant($"{Milliseconds(Median(seconds))} ({Spread(seconds, Milliseconds)})"));
        Row("images in training", Invariant($"{specification.Training.BatchSize / Median(seconds):0} a second"));
        return (Median(seconds), (int)facts["heads"]);
    }

    /// <summary>Seconds per image of one way of sampling.</summary>
    private double MeasureSampling(Sampling sampling)
    {
        var batch = Math.Min(specification.Evaluation.BatchSize, specification.Evaluation.Samples);
        using var workload = Sized(images => new SamplingWorkload(specification, settings, device, sampling, images), batch);
        var seconds = Measure(workload);
        Row($"images by {sampling.Label}", Invariant($"{1 / Median(seconds):0} a second ({Spread(seconds, value => Invariant($"{1 / value:0}"))})"));
        return Median(seconds);
    }

    private int Evaluations() => specification.Evaluation switch
    {
        { Samples: 0 } => 0,
        { Every: 0 } => 1,
        { Every: var every } => (specification.Training.Iterations + every - 1) / every,
    };

    /// <summary>A warm workload with rounds long enough to time, and no smaller than asked for.</summary>
    private static Workload Sized(Func<int, Workload> create, int units)
    {
        using var trial = create(units);
        trial.Round();
        var clock = Stopwatch.GetTimestamp();
        trial.Round();
        var rounds = Math.Clamp(RoundLength / Stopwatch.GetElapsedTime(clock), 1, 100);
        var workload = create((int)rounds * units);
        workload.Round();
        return workload;
    }

    /// <summary>Seconds per unit of each round.</summary>
    private double[] Measure(Workload workload) =>
    [
        .. Enumerable.Range(0, rounds).Select(_ =>
        {
            var clock = Stopwatch.GetTimestamp();
            workload.Round();
            return Stopwatch.GetElapsedTime(clock).TotalSeconds / workload.UnitsPerRound;
        }),
    ];

    private void Row(string what, string figure) => output.WriteLine($"| {what} | {figure} |");

    private string Spread(double[] values, Func<double, string> text) => rounds == 1
        ? "one round"
        : $"{text(values.Min())} to {text(values.Max())} in {rounds} rounds";

    private static string Milliseconds(double seconds) => Invariant($"{seconds * 1000:0.0} ms");

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Duration(double seconds) => seconds switch
    {
        < 120 => Invariant($"{seconds:0} s"),
        < 7200 => Invariant($"{seconds / 60:0} min"),
        < 172_800 => Invariant($"{seconds / 3600:0.0} h"),
        _ => Invariant($"{seconds / 86_400:0.0} days"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
