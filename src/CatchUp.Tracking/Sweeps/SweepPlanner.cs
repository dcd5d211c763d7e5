namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads a sweep file (YAML or JSON), checks it whole and says what it would do. Pure: no database, no clock.</summary>
public sealed class SweepPlanner
{
    public SweepPlan Plan(string document) => throw new NotImplementedException();
}
