using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class DistillationObjectiveTests
{
    private const int N = 4;
    private const double Z0 = 0.3;
    private const double Z1 = -0.8;
    private const double TeacherA = -0.5;
    private const double TeacherB = 0.2;
    private const double AverageA = 1.1;
    private const double AverageB = -0.3;

    [Theory]
    [InlineData(0.9, 0.65)]
    [InlineData(0.3, 0.25)]
    [InlineData(0.1, 0.25)]
    public void Consistency_learns_from_the_average_one_whole_teacher_step_earlier(double t, double earlier)
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1);
        using var teacher = new LinearNetwork(1, a: TeacherA, b: TeacherB);
        using var average = new LinearNetwork(1, a: AverageA, b: AverageB);

        var result = Compute(new ConsistencyDistillationObjective(teacher, average, N), student, t);
        result.Loss.backward();

        var z = t * Z1 + (1 - t) * Z0;
        var stepped = z - LinearNetwork.V(z, t, TeacherA, TeacherB) / N;
        var target = LinearNetwork.V(stepped, earlier, AverageA, AverageB);
        var prediction = LinearNetwork.V(z, t);
        Assert.Equal(prediction, result.Predictions[0].item<double>(), 1e-12);
        Assert.Equal(target, result.Targets[0].item<double>(), 1e-12);
        Assert.Equal(Math.Pow(prediction - target, 2), result.Loss.item<double>(), 1e-12);
        Assert.Equal(2 * (prediction - target) * z, student.GradientOfA.item<double>(), 1e-12);
        CheckPasses(student, teacher, average, [t], [earlier]);
    }

    [Fact]
    public void Progressive_learns_the_mean_of_two_teacher_steps()
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1);
        using var teacher = new LinearNetwork(1, a: TeacherA, b: TeacherB);
        const double t = 0.75;

        var result = Compute(new ProgressiveDistillationObjective(teacher, N), student, t);
        result.Loss.backward();

        var z = t * Z1 + (1 - t) * Z0;
        var k1 = LinearNetwork.V(z, t, TeacherA, TeacherB);
        var k2 = LinearNetwork.V(z - k1 / N, t - 1.0 / N, TeacherA, TeacherB);
        var prediction = LinearNetwork.V(z, t);
        Assert.Equal((k1 + k2) / 2, result.Targets[0].item<double>(), 1e-12);
        Assert.Equal(Math.Pow(prediction - (k1 + k2) / 2, 2), result.Loss.item<double>(), 1e-12);
        Assert.Equal(2 * (prediction - (k1 + k2) / 2) * z, student.GradientOfA.item<double>(), 1e-12);
        Assert.Equal([[t], [t - 1.0 / N]], teacher.Passes.Select(pass => pass.Times));
        Assert.All(teacher.Passes, pass => Assert.False(pass.Gradient));
    }

    /// <summary>One student step of 2/N must land where two teacher steps of 1/N land.</summary>
    [Fact]
    public void Student_that_meets_the_progressive_target_lands_where_two_teacher_steps_land()
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1);
        using var teacher = new LinearNetwork(1, a: TeacherA, b: TeacherB);
        const double t = 0.5;

        var target = Compute(new ProgressiveDistillationObjective(teacher, N), student, t).Targets[0].item<double>();

        var z = t * Z1 + (1 - t) * Z0;
        var once = z - LinearNetwork.V(z, t, TeacherA, TeacherB) / N;
        var twice = once - LinearNetwork.V(once, t - 1.0 / N, TeacherA, TeacherB) / N;
        Assert.Equal(twice, z - 2.0 / N * target, 1e-12);
    }

    [Fact]
    public void Progressive_times_are_the_grid_without_its_first()
    {
        using var scope = NewDisposeScope();
        using var network = new LinearNetwork(1, discreteTime: true, timeSteps: N);
        using var generator = new Generator(5);

        var draws = new ProgressiveDistillationObjective(network, N).Draw(network, 4000, generator);

        var counts = draws.Time.data<float>().CountBy(time => time).OrderBy(pair => pair.Key).ToList();
        Assert.Equal([0.5f, 0.75f, 1f], counts.Select(pair => pair.Key));
        Assert.All(counts, pair => Assert.InRange(pair.Value, 1200, 1470)); // 1333 ± 4.5 standard deviations
    }

    [Fact]
    public void Discrete_networks_are_fed_indices()
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1, discreteTime: true, timeSteps: N);
        using var teacher = new LinearNetwork(1, discreteTime: true, timeSteps: N);
        using var average = new LinearNetwork(1, discreteTime: true, timeSteps: N);

        Compute(new ConsistencyDistillationObjective(teacher, average, N), student, 0.25, 0.5, 1);
        CheckPasses(student, teacher, average, [1, 2, 4], [1, 1, 3]);

        Compute(new ProgressiveDistillationObjective(teacher, N), student, 0.5, 1);
        Assert.Equal([[2, 4], [1, 3]], teacher.Passes.Skip(1).Select(pass => pass.Times));
    }

    [Fact]
    public void Final_distillation_goes_to_the_given_image_in_one_step_and_stays_near_the_average()
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1);
        using var average = new LinearNetwork(1, a: AverageA, b: AverageB);
        using var generator = new Generator(5);
        var objective = new FinalDistillationObjective(average);
        var draws = objective.Draw(student, 1, generator);

        var result = objective.Compute(student, Value(Z0), Value(Z1), draws, 0);
        result.Loss.backward();

        var v = LinearNetwork.V(Z1, 1);
        var averaged = LinearNetwork.V(Z1, 1, AverageA, AverageB);
        var (image, near) = (Math.Pow(Z1 - v - Z0, 2), Math.Pow(v - averaged, 2));
        Assert.Equal(["one_step", "average"], result.Terms.Select(term => term.Name));
        Assert.Equal(image, result.Terms[0].Value.item<double>(), 1e-12);
        Assert.Equal(near, result.Terms[1].Value.item<double>(), 1e-12);
        Assert.Equal(image + 0.1 * near, result.Loss.item<double>(), 1e-12);
        Assert.Equal(-2 * (Z1 - v - Z0) * Z1 + 0.1 * 2 * (v - averaged) * Z1, student.GradientOfA.item<double>(), 1e-12);
        Assert.Equal([1.0], student.Passes.Single().Times);
        Assert.Equal([1.0], average.Passes.Single().Times);
        Assert.False(average.Passes[0].Gradient);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.33, 0)]
    [InlineData(0.34, 1)]
    [InlineData(0.67, 2)]
    [InlineData(1, 2)]
    public void Final_distillation_goes_through_its_stages_in_thirds(double progress, int stage)
    {
        using var scope = NewDisposeScope();
        using var student = new LinearNetwork(1);
        using var average = new LinearNetwork(1);
        double[] images = [0.1, 0.5, 0.9];
        var draws = new TimeDraws(ones(1, dtype: ScalarType.Float64), zeros(1, dtype: ScalarType.Float64));

        var result = new FinalDistillationObjective(average).Compute(student, tensor(images).view(1, 3, 1, 1), Value(Z1), draws, progress);

        Assert.Equal(Math.Pow(Z1 - LinearNetwork.V(Z1, 1) - images[stage], 2), result.Terms[0].Value.item<double>(), 1e-12);
    }

    [Theory]
    [InlineData("consistency")]
    [InlineData("progressive")]
    [InlineData("final")]
    public void Teacher_and_average_see_the_classes_of_the_batch(string kind)
    {
        using var scope = NewDisposeScope();
        using var student = new ClassNetwork(3);
        using var other = new ClassNetwork(3, a: 10);
        using var labelled = student.WithLabels(tensor(new long[] { 2, 0, 1 }));
        Objective objective = kind switch
        {
            "consistency" => new ConsistencyDistillationObjective(other, other, N),
            "progressive" => new ProgressiveDistillationObjective(other, N),
            _ => new FinalDistillationObjective(other),
        };
        var images = zeros(3, 1, 2, 2, dtype: ScalarType.Float64);

        var result = objective.Compute(labelled, images, images, new TimeDraws(full(3, 0.5, dtype: ScalarType.Float64), zeros(3, dtype: ScalarType.Float64)), 0);

        Assert.Equal([20, 0, 10], result.Targets[0].select(1, 0).select(1, 0).select(1, 0).data<double>().ToArray());
    }

    [Fact]
    public void Teacher_average_or_student_of_another_grid_is_refused()
    {
        using var network = new LinearNetwork(1, discreteTime: true, timeSteps: N);
        using var other = new LinearNetwork(1, discreteTime: true, timeSteps: 8);

        Assert.Throws<ArgumentException>(() => new ConsistencyDistillationObjective(other, network, N));
        Assert.Throws<ArgumentException>(() => new ConsistencyDistillationObjective(network, other, N));
        Assert.Throws<ArgumentException>(() => new ProgressiveDistillationObjective(other, N));
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => Compute(new ProgressiveDistillationObjective(network, N), other, 1));
        Assert.Throws<ArgumentException>(() => Compute(new ConsistencyDistillationObjective(network, network, N), other, 1));
    }

    private static void CheckPasses(LinearNetwork student, LinearNetwork teacher, LinearNetwork average, double[] times, double[] earlier)
    {
        Assert.Equal(times, student.Passes.Single().Times);
        Assert.Equal(times, teacher.Passes.Single().Times);
        Assert.All(earlier.Zip(average.Passes.Single().Times), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.True(student.Passes[0].Gradient);
        Assert.False(teacher.Passes[0].Gradient);
        Assert.False(average.Passes[0].Gradient);
    }

    private static ObjectiveResult Compute(Objective objective, LinearNetwork student, params double[] times) => objective.Compute(
        student, Value(Z0, times.Length), Value(Z1, times.Length), new TimeDraws(tensor(times), zeros(times.Length, dtype: ScalarType.Float64)), 0);

    private static Tensor Value(double value, int count = 1) => full([count, 1, 1, 1], value, dtype: ScalarType.Float64);
}
