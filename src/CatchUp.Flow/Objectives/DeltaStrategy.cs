namespace CatchUp.Flow.Objectives;

/// <summary>The step Δ between a time and the time it catches up with. In discrete time Δ is 1/N whatever the strategy.</summary>
public enum DeltaStrategy
{
    /// <summary>Δ = u/N with u ~ U(0, 1), the paper's choice.</summary>
    Uniform,

    /// <summary>Δ = 1/N.</summary>
    Constant,

    /// <summary>Δ = t/N.</summary>
    Rule,
}
