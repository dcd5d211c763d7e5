namespace CatchUp.Flow.Parity;

/// <summary>How many parity cases a run of <see cref="ParityRunner"/> passed, failed and did not know.</summary>
public sealed record ParityReport(int Passed, int Failed, int Skipped)
{
    /// <summary>Nothing failed, and something was checked.</summary>
    public bool Succeeded => Failed == 0 && Passed > 0;
}
