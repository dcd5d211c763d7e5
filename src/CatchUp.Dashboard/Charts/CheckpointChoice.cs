namespace CatchUp.Dashboard.Charts;

/// <summary>Which of a run's evaluated steps stands for it.</summary>
public enum CheckpointChoice
{
    /// <summary>The last one.</summary>
    Last,

    /// <summary>For each NFE the one with the best number. The best of several is better than it would be measured again.</summary>
    BestPerNfe,
}
