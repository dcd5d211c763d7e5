using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>
/// Compares what this machine computes with numbers that were computed elsewhere: a folder holds one sub-folder a case,
/// each with <c>case.json</c> (kind, settings, tolerance) and <c>tensors.safetensors</c> (inputs, weights, expected outputs).
/// </summary>
public static class ParityRunner
{
    /// <summary>Checks every case of a folder and writes one line for each, then <c>N passed, N failed[, N skipped]</c>.</summary>
    /// <param name="directory">The folder of cases.</param>
    /// <param name="device">Where to compute. On a GPU, TF32 is switched off for the whole process: its ten bits hold no tolerance here.</param>
    /// <param name="output">Where the lines go.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ParityReport Run(string directory, Device device, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(output);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"There is no folder '{directory}' with parity cases.");
        }

        if (device.type == DeviceType.CUDA)
        {
            backends.cuda.matmul.allow_tf32 = false;
            backends.cudnn.allow_tf32 = false;
        }

        var (passed, failed, skipped) = (0, 0, 0);
        foreach (var folder in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
        {
            var result = Check(folder, device);
            output.WriteLine(Line(Path.GetFileName(folder), result));
            switch (result.Outcome)
            {
                case ParityOutcome.Passed:
                    passed++;
                    break;
                case ParityOutcome.Failed:
                    failed++;
                    break;
                default:
                    skipped++;
                    break;
            }
        }

        if (passed + failed + skipped == 0)
        {
            output.WriteLine($"'{directory}' has no sub-folders, so no cases.");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : string.Empty)}"));
        return new ParityReport(passed, failed, skipped);
    }

    /// <summary>Checks the case in one folder. A case that cannot be read fails with the reason.</summary>
    internal static ParityResult Check(string folder, Device device)
    {
        var kind = "unknown kind";
        using var scope = NewDisposeScope();
        try
        {
            using var parityCase = ParityCase.Open(folder, device);
            kind = parityCase.Kind;
            var checker = Checker(kind);
            if (checker is null)
            {
                return ParityResult.Skip(kind, "this version does not know the kind");
            }

            parityCase.LoadTensors();
            var comparison = new Comparison();
            checker(parityCase, comparison);
            return comparison.Result(kind);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A case is foreign input: whatever is wrong with it is that case's result.
            return ParityResult.Fail(kind, FirstLine(error.Message));
        }
    }

    private static Action<ParityCase, Comparison>? Checker(string kind) => kind switch
    {
        "velocity-network" => VelocityNetworkParity.Check,
        "adm-network" => AdmNetworkParity.Check,
        "noise-encoder" => NoiseEncoderParity.Check,
        "learned-coupling-loss" => LearnedCouplingLossParity.Check,
        "catch-up-loss" => CatchUpLossParity.Check,
        "consistency-distillation" => DistillationParity.CheckConsistency,
        "progressive-distillation" => DistillationParity.CheckProgressive,
        "wavelet-loss" => WaveletLossParity.Check,
        "training-trajectory" => TrainingTrajectoryParity.Check,
        "sampler" => SamplerParity.Check,
        "generative-metrics" => GenerativeMetricsParity.Check,
        "inception-features" => InceptionFeaturesParity.Check,
        _ => null,
    };

    // Torch's messages go on with a native stack trace.
    private static string FirstLine(string message) => message.AsSpan().Trim().EnumerateLines() is var lines && lines.MoveNext() ? lines.Current.ToString() : "no reason given";

    private static string Line(string name, ParityResult result)
    {
        var numbers = result.Largest is { } largest
            ? string.Create(CultureInfo.InvariantCulture, $"largest error {largest.Error:0.0e+00} ({largest.What}), tolerance {largest.Tolerance:0.0e+00}, ")
            : string.Empty;
        var outcome = result.Outcome switch
        {
            ParityOutcome.Passed => "passed",
            ParityOutcome.Failed => "failed",
            _ => "skipped",
        };
        var remark = result.Remark is null ? string.Empty : $" ({result.Remark})";
        return $"{name}: {result.Kind}, {numbers}{outcome}{remark}";
    }
}
