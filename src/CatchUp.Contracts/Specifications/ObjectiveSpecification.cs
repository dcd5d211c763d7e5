using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum ObjectiveKind
{
    /// <summary>Match the velocity z₁ − z₀ of the straight path.</summary>
    [JsonStringEnumMemberName("rectified-flow")] RectifiedFlow,

    /// <summary>Also match the network's own velocity at earlier times (Catch-Up Distillation).</summary>
    [JsonStringEnumMemberName("catch-up")] CatchUp,
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
    [Key("The objective: rectified-flow, or catch-up with its order.")]
    public ObjectiveKind Kind { get; init; }

    [Key("Runge–Kutta order of the catch-up targets: rk12 uses one output head, rk23 two, rk34 three. Without effect for rectified-flow.")]
    public CatchUpOrder Order { get; init; }

    [Key("How the step Δ between a time and the time it catches up with is drawn.")]
    public DeltaStrategy Delta { get; init; } = DeltaStrategy.Uniform;

    [Key("N of the time grid that Δ is measured in.", Minimum = 2, Maximum = 1024)]
    public int TimeSteps { get; init; } = 16;

    [Key("Continuous time, or the N steps of the grid only.")]
    public TimeKind Time { get; init; }

    [Key("How the catch-up sum and the ground-truth sum are weighed.")]
    public LossWeights LossWeights { get; init; }

    [Key("Take the first slope from the training pass instead of a pass of its own: one forward pass fewer.")]
    public bool ReuseFirstSlope { get; init; } = true;
}
