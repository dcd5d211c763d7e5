using System.Text.Json;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>Samples from given noise by several solvers, and how straight their paths were.</summary>
internal static class SamplerParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        using var network = parityCase.Network();
        network.eval();
        foreach (var run in ParityCase.Member(parityCase.Description, "runs").EnumerateArray())
        {
            CheckRun(parityCase, network, ReadSolver(run), run, comparison);
        }
    }

    private static Solver ReadSolver(JsonElement run) => ParityCase.Text(run, "solver") switch
    {
        "euler" => new EulerSolver(),
        "heun" => new HeunSolver(),
        "dpm_solver_2" => MultistepSolver.DpmSolver2,
        "dpm_solver_3" => MultistepSolver.DpmSolver3,
        "deis_2" => MultistepSolver.Deis,
        "rk45" => ReadAdaptive(run),
        var other => throw new InvalidDataException($"the solver '{other}' is not known"),
    };

    private static RungeKutta45Solver ReadAdaptive(JsonElement run)
    {
        var tolerance = ParityCase.Number(run, "rtol");
        return ParityCase.Number(run, "atol") == tolerance && ParityCase.Number(run, "t_end") == RungeKutta45Solver.EndTime
            ? new RungeKutta45Solver(tolerance)
            : throw new InvalidDataException("rk45 here has one tolerance, and ends at t = 0.001");
    }

    private static void CheckRun(ParityCase parityCase, SongUNet network, Solver solver, JsonElement run, Comparison comparison)
    {
        using var scope = NewDisposeScope();
        var name = ParityCase.Text(run, "tensor");
        var tolerance = ParityCase.Number(run, "tolerance");
        var nfe = (int)ParityCase.Number(run, "nfe");
        var velocity = new CountingVelocity(NetworkVelocity.Of(network, (int)ParityCase.NumberOr(run, "head", 1)));
        var noise = parityCase.Tensor("z1");
        var stepVelocities = new List<Tensor>();
        var sample = solver.Sample(velocity.Evaluate, noise, solver.IsAdaptive ? null : nfe, stepVelocities);
        comparison.Tensors(name, parityCase.Tensor(name), sample, tolerance);
        // An adaptive solver may decide on a step more or fewer at the edge of its tolerance.
        comparison.Numbers($"{name} nfe", nfe, velocity.Evaluations, solver.IsAdaptive ? RungeKutta45Solver.EvaluationsAStep : 0);

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
