using System.Text.Json;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>Samples from given noise by several solvers, and how straight their paths were. Runs of unknown solvers are left out, and named.</summary>
internal static class SamplerParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        using var network = parityCase.Network();
        network.eval();
        var leftOut = new List<string>();
        foreach (var run in ParityCase.Member(parityCase.Description, "runs").EnumerateArray())
        {
            if (Solver(ParityCase.Text(run, "solver")) is { } solver)
            {
                CheckRun(parityCase, network, solver, run, comparison);
            }
            else
            {
                leftOut.Add(ParityCase.Text(run, "tensor"));
            }
        }

        if (leftOut.Count > 0)
        {
            comparison.Remark($"left out, solver not known: {string.Join(", ", leftOut)}");
        }
    }

    private static EulerSolver? Solver(string name) => name == "euler" ? new EulerSolver() : null;

    private static void CheckRun(ParityCase parityCase, SongUNet network, Solver solver, JsonElement run, Comparison comparison)
    {
        using var scope = NewDisposeScope();
        var name = ParityCase.Text(run, "tensor");
        var tolerance = ParityCase.Number(run, "tolerance");
        var nfe = (int)ParityCase.Number(run, "nfe");
        var velocity = new CountingVelocity(NetworkVelocity.Of(network, (int)ParityCase.NumberOr(run, "head", 1)));
        var noise = parityCase.Tensor("z1");
        var stepVelocities = new List<Tensor>();
        var sample = solver.Sample(velocity.Evaluate, noise, nfe, stepVelocities);
        comparison.Tensors(name, parityCase.Tensor(name), sample, tolerance);
        comparison.Numbers($"{name} nfe", nfe, velocity.Evaluations, 0);

        var trajectory = Trajectory.Measure(stepVelocities, noise, sample);
        if (ParityCase.Has(run, "straightness"))
        {
            comparison.Numbers($"{name} straightness", ParityCase.Number(run, "straightness"), trajectory.Straightness, tolerance);
        }

        if (ParityCase.Has(run, "cosine"))
        {
            var expected = ParityCase.Numbers(run, "cosine");
            if (expected.Count != trajectory.Cosines.Count)
            {
                throw new InvalidDataException($"{name} has {expected.Count} cosines for {trajectory.Cosines.Count} steps");
            }

            for (var step = 0; step < expected.Count; step++)
            {
                comparison.Numbers($"{name} cosine of step {step}", expected[step], trajectory.Cosines[step], tolerance);
            }
        }
    }
}
