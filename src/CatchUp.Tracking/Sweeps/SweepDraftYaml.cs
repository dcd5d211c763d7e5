using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>A draft as a sweep file, and back.</summary>
internal static class SweepDraftYaml
{
    public static string Write(SweepDraft draft) => throw new NotImplementedException();

    public static SweepDraftReading Read(string document) => throw new NotImplementedException();

    public static SweepDraft FromRun(RunDetails run) => throw new NotImplementedException();
}
