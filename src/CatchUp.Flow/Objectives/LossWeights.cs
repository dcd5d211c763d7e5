namespace CatchUp.Flow.Objectives;

/// <summary>Weights of the catch-up sum and the ground-truth sum.</summary>
public enum LossWeights
{
    /// <summary>Both 1.</summary>
    Equal,

    /// <summary>2p and 2(1 − p), with training progress p from 0 to 1.</summary>
    Progress,
}
