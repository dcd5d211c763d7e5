namespace CatchUp.Search.Stopping;

/// <summary>What becomes of a trial at a rung.</summary>
public enum RungOutcome
{
    /// <summary>It goes on to the next rung.</summary>
    Promote,

    /// <summary>It pauses until other trials' values show whether it is among the best.</summary>
    Wait,

    /// <summary>It stops here.</summary>
    Prune,
}
