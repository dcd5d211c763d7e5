using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Solvers;

/// <summary>How fast the error of each solver falls with the step: what its name promises.</summary>
public sealed class SolverOrderTests
{
    public static TheoryData<string, double> Orders => new()
    {
        { "euler", 1 }, { "heun", 2 }, { "dpm-solver-2", 2 }, { "dpm-solver-3", 3 }, { "deis", 3 },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Error_falls_with_the_power_of_the_step_that_is_the_order(string name, double order)
    {
        // dz/dt = z·g(t) with g(1) = g'(1) = 0: the starting steps of lower order are exact enough not to hide the order.
        var coarse = Error(name, 64, (z, t) => z * Math.Pow(1 - t, 2) * Math.Cos(t), Area(t => Math.Pow(1 - t, 2) * Math.Cos(t)));
        var fine = Error(name, 256, (z, t) => z * Math.Pow(1 - t, 2) * Math.Cos(t), Area(t => Math.Pow(1 - t, 2) * Math.Cos(t)));

        Assert.Equal(order, Math.Log(coarse / fine, 4), 0.15);
    }

    [Theory]
    [InlineData("dpm-solver-2")]
    [InlineData("dpm-solver-3")]
    [InlineData("deis")]
    [InlineData("heun")]
    public void Euler_steps_at_an_end_leave_order_two_over_any_field(string name)
    {
        var coarse = Error(name, 64, (z, t) => z * Math.Cos(3 * t), Math.Sin(3) / 3);
        var fine = Error(name, 256, (z, t) => z * Math.Cos(3 * t), Math.Sin(3) / 3);

        Assert.InRange(Math.Log(coarse / fine, 4), 1.8, 3.2);
        Assert.True(fine < Error("euler", 256, (z, t) => z * Math.Cos(3 * t), Math.Sin(3) / 3) / 20);
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1e-8)]
    public void Adaptive_solver_is_as_exact_as_its_tolerance_and_no_more_costly_than_that_needs(double tolerance)
    {
        using var scope = NewDisposeScope();
        var noise = tensor(new[] { 1.5, -0.5 });
        var counting = new CountingVelocity((z, t) => z * Math.Cos(8 * t));

        var sample = new RungeKutta45Solver(tolerance).Sample(counting.Evaluate, noise, null);

        var exact = 1.5 * Math.Exp(-(Math.Sin(8) - Math.Sin(8e-3)) / 8);
        Assert.InRange(Math.Abs(sample[0].item<double>() - exact), tolerance * 1e-4, tolerance * 20);
        Assert.InRange(counting.Evaluations, 14, (int)(30 / Math.Pow(tolerance, 0.2)));
        Assert.Equal(2, counting.Evaluations % RungeKutta45Solver.EvaluationsAStep);
    }

    internal static Solver Named(string name) => name switch
    {
        "euler" => new EulerSolver(),
        "heun" => new HeunSolver(),
        "dpm-solver-2" => MultistepSolver.DpmSolver2,
        "dpm-solver-3" => MultistepSolver.DpmSolver3,
        _ => MultistepSolver.Deis,
    };

    /// <summary>∫₀¹ g(t) dt by Simpson's rule.</summary>
    private static double Area(Func<double, double> g)
    {
        const int parts = 2000;
        var sum = g(0) + g(1);
        for (var i = 1; i < parts; i++)
        {
            sum += g((double)i / parts) * (i % 2 == 0 ? 2 : 4);
        }

        return sum / (3 * parts);
    }

    /// <summary>How far a solver lands from z(0) = z(1)·exp(−area), which solves dz/dt = z·g(t).</summary>
    private static double Error(string name, int steps, VelocityFunction field, double area)
    {
        using var scope = NewDisposeScope();
        var solver = Named(name);
        Assert.Equal(name, solver.Name);
        var sample = solver.Sample(field, tensor(new[] { 1.0 }), name == "heun" ? 2 * steps - 1 : steps);
        return Math.Abs(sample.item<double>() - Math.Exp(-area));
    }
}
