using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum ObjectiveKind
{
    /// <summary>Match the velocity z₁ − z₀ of the straight path.</summary>
    [JsonStringEnumMemberName("rectified-flow")] RectifiedFlow,

    /// <summary>Also match the network's own velocity at earlier times (Catch-Up Distillation).</summary>
    [JsonStringEnumMemberName("catch-up")] CatchUp,

    /// <summary>Match the averaged network's velocity where the initial run's model gets to in one step of 1/N.</summary>
    [JsonStringEnumMemberName("consistency-distillation")] ConsistencyDistillation,

    /// <summary>Go with one step of 2/N where the initial run's model gets to with two of 1/N: halves the number of steps.</summary>
    [JsonStringEnumMemberName("progressive-distillation")] ProgressiveDistillation,

    /// <summary>Go with one step from noise to the clean images that the initial run's model saw on its way, in three stages.</summary>
    [JsonStringEnumMemberName("final-distillation")] FinalDistillation,
}

public enum CatchUpLoss
{
    /// <summary>Mean squared error between velocities.</summary>
    [JsonStringEnumMemberName("mse")] Mse,

    /// <summary>Squared distance between the extractor's features of the clean images that the velocities promise.</summary>
    [JsonStringEnumMemberName("perceptual")] Perceptual,
}

public enum CatchUpOrder
{
    [JsonStringEnumMemberName("rk12")] Rk12,
    [JsonStringEnumMemberName("rk23")] Rk23,
    [JsonStringEnumMemberName("rk34")] Rk34,
}

public enum DeltaStrategy
{
    /// <summary>Δ = 1/N.</summary>
    [JsonStringEnumMemberName("constant")] Constant,

    /// <summary>Δ = t/N.</summary>
    [JsonStringEnumMemberName("rule")] Rule,

    /// <summary>Δ = u/N with u ~ U(0, 1), the paper's choice.</summary>
    [JsonStringEnumMemberName("uniform")] Uniform,
}

public enum TimeKind
{
    [JsonStringEnumMemberName("continuous")] Continuous,
    [JsonStringEnumMemberName("discrete")] Discrete,
}

public enum LossWeights
{
    /// <summary>Both sums weigh 1.</summary>
    [JsonStringEnumMemberName("equal")] Equal,

    /// <summary>The catch-up weight grows with training progress, the ground-truth weight falls.</summary>
    [JsonStringEnumMemberName("progress")] Progress,
}

public sealed record ObjectiveSpecification
{
    [Key("The objective: rectified-flow, catch-up with its order, or a distillation of the initial run's model.")]
    public ObjectiveKind Kind { get; init; }

    [Key("Runge–Kutta order of the catch-up targets: rk12 uses one output head, rk23 two, rk34 three. Without effect for other objectives.")]
    public CatchUpOrder Order { get; init; }

    [Key("How the step Δ between a time and the time it catches up with is drawn.")]
    public DeltaStrategy Delta { get; init; } = DeltaStrategy.Uniform;

    [Key("N of the time grid that Δ is measured in. For consistency and progressive distillation, the teacher's steps; progressive distillation leaves half of them.", Minimum = 2, Maximum = 1024)]
    public int TimeSteps { get; init; } = 16;

    [Key("Continuous time, or the N steps of the grid only.")]
    public TimeKind Time { get; init; }

    [Key("How the catch-up sum and the ground-truth sum are weighed.")]
    public LossWeights LossWeights { get; init; }

    [Key("Take the first slope from the training pass instead of a pass of its own: one forward pass fewer.")]
    public bool ReuseFirstSlope { get; init; } = true;

    [Key("How catch-up terms are measured: mse between velocities, or perceptual, by evaluation.extractor on the clean images they promise.")]
    public CatchUpLoss CatchUpLoss { get; init; }

    [Key("Share of each batch that catches up; the catch-up terms are means over it. Below 1 an update costs less.", Minimum = 0.01, Maximum = 1)]
    public double CatchUpShare { get; init; } = 1;

    [Key("Weight of the difference in finest wavelet details between predicted and true image, for rectified-flow and catch-up. 0 leaves it out.", Minimum = 0, Maximum = 1000)]
    public double WaveletWeight { get; init; }

    [Key("Pairs of noise and images that final-distillation makes with the initial run's model, by 15 network evaluations each.", Minimum = 1, Maximum = 10_000_000)]
    public int Pairs { get; init; } = 10_000;
}
