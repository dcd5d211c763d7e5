using CatchUp.Flow.Solvers;
using CatchUp.Flow.Tests.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Solvers;

public sealed class SolverTests
{
    public static TheoryData<string> FixedSolvers => ["euler", "heun", "dpm-solver-2", "dpm-solver-3", "deis"];

    [Theory]
    [MemberData(nameof(FixedSolvers))]
    public void Field_is_evaluated_as_often_as_was_asked(string name)
    {
        using var scope = NewDisposeScope();
        var solver = SolverOrderTests.Named(name);

        foreach (var nfe in new[] { 1, 2, 3, 4, 7, 16 }.Where(solver.Takes))
        {
            var counting = new CountingVelocity((z, t) => z * t);
            var steps = new List<Tensor>();
            solver.Sample(counting.Evaluate, randn(2, 3), nfe, steps);

            Assert.Equal(nfe, counting.Evaluations);
            Assert.Equal(name == "heun" ? (nfe + 1) / 2 : nfe, steps.Count);
        }
    }

    [Theory]
    [MemberData(nameof(FixedSolvers))]
    public void Steps_add_up_to_the_way_and_the_noise_stays_as_it_is(string name)
    {
        using var scope = NewDisposeScope();
        var noise = tensor(new[] { 2.0, -1.0 });
        var steps = new List<Tensor>();

        var sample = SolverOrderTests.Named(name).Sample((z, t) => z * t + 1, noise, 5, steps);

        Assert.True((noise - sample).allclose(stack(steps).mean([0]), 1e-12, 1e-12));
        Assert.Equal([2.0, -1.0], noise.data<double>().ToArray());
    }

    [Theory]
    [MemberData(nameof(FixedSolvers))]
    public void One_evaluation_is_one_Euler_step(string name)
    {
        using var scope = NewDisposeScope();

        var sample = SolverOrderTests.Named(name).Sample((z, t) => z * (t + 1), tensor(new[] { 3.0 }), 1);

        Assert.Equal(3.0 - 6.0, sample.item<double>(), 1e-12);
    }

    [Fact]
    public void Even_numbers_of_evaluations_are_not_for_Heun_and_none_for_the_adaptive_solver()
    {
        Assert.Equal([1, 3, 5], Enumerable.Range(0, 7).Where(new HeunSolver().Takes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeunSolver().Sample((z, t) => z, zeros(1), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RungeKutta45Solver().Sample((z, t) => z, zeros(1), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EulerSolver().Sample((z, t) => z, zeros(1), null));
        Assert.DoesNotContain(Enumerable.Range(0, 7), new RungeKutta45Solver().Takes);
        Assert.True(new RungeKutta45Solver().IsAdaptive);
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(2, 1.5, -0.5, 0)]
    [InlineData(3, 23.0 / 12, -16.0 / 12, 5.0 / 12)]
    public void Order_three_starts_with_Euler_and_order_two(int step, double latest, double before, double first)
    {
        // Velocities 1, 10, 100 … are their own labels.
        using var scope = NewDisposeScope();
        var steps = new List<Tensor>();
        var count = 0;

        MultistepSolver.DpmSolver3.Sample((z, t) => full_like(z, Math.Pow(10, count++)), zeros(1, dtype: ScalarType.Float64), 3, steps);

        Assert.Equal(latest * Math.Pow(10, step - 1) + before * Math.Pow(10, step - 2) + first * Math.Pow(10, step - 3), steps[step - 1].item<double>(), 1e-9);
    }

    [Fact]
    public void Deis_integrates_quadratics_exactly_after_two_Euler_steps()
    {
        using var scope = NewDisposeScope();
        var steps = new List<Tensor>();
        const int n = 5;

        MultistepSolver.Deis.Sample((z, t) => full_like(z, 3 * t * t - 2 * t + 7), zeros(1, dtype: ScalarType.Float64), n, steps);

        for (var step = 0; step < n; step++)
        {
            var (from, to) = (1 - (double)step / n, 1 - (double)(step + 1) / n);
            var expected = step < 2 ? 3 * from * from - 2 * from + 7 : (Integral(from) - Integral(to)) * n;
            Assert.Equal(expected, steps[step].item<double>(), 1e-12);
        }

        static double Integral(double t) => t * t * t - t * t + 7 * t;
    }

    [Fact]
    public void Adaptive_solver_takes_its_tolerance_into_its_name()
    {
        Assert.Equal("rk45", new RungeKutta45Solver().Name);
        Assert.Equal("rk45-0.001", new RungeKutta45Solver(1e-3).Name);
        Assert.Equal("rk45-1E-06", new RungeKutta45Solver(1e-6).Name);
    }

    [Fact]
    public void Adaptive_solver_ends_over_fields_that_jump_and_over_no_numbers()
    {
        using var scope = NewDisposeScope();
        var jumping = new CountingVelocity((z, t) => full_like(z, Math.Sin(1e6 * t)));

        var sample = new RungeKutta45Solver(1e-6).Sample(jumping.Evaluate, zeros(2), null);
        var none = new RungeKutta45Solver().Sample((z, t) => z * double.NaN, ones(2), null);

        Assert.True(sample.isfinite().all().item<bool>());
        Assert.InRange(jumping.Evaluations, 100, 20_000);
        Assert.True(none.isnan().all().item<bool>());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(null)]
    public void Only_the_sample_and_the_wanted_velocities_stay_in_the_callers_scope(int? nfe)
    {
        using var network = TestNetworks.Create();
        using var scope = NewDisposeScope();
        var noise = randn(2, 1, 8, 8);
        var before = scope.DisposablesCount;
        Solver[] solvers = nfe is null ? [new RungeKutta45Solver()] : [new HeunSolver(), MultistepSolver.DpmSolver2, MultistepSolver.DpmSolver3, MultistepSolver.Deis];

        foreach (var solver in solvers)
        {
            var velocities = new List<Tensor>();
            using (var sample = solver.Sample(NetworkVelocity.Of(network), noise, nfe))
            {
                Assert.Equal(before + 1, scope.DisposablesCount);
                Assert.Equal(noise.shape, sample.shape);
                Assert.Equal(noise.dtype, sample.dtype);
            }

            solver.Sample(NetworkVelocity.Of(network), noise, nfe, velocities).Dispose();
            Assert.Equal(before + velocities.Count, scope.DisposablesCount);
            Assert.All(velocities, velocity => Assert.Equal(noise.shape, velocity.shape));
            velocities.ForEach(velocity => velocity.Dispose());
        }
    }
}
