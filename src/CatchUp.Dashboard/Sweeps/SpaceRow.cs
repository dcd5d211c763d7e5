using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>A row of the space that may still be incomplete; only complete rows are a part of the draft.</summary>
public sealed class SpaceRow(string path, SpaceValue value)
{
    public string Path { get; set; } = path;

    public SpaceValue Value { get; set; } = value;

    public bool IsComplete => Path.Trim().Length > 0 && !Value.IsEmpty;

    public DraftEntry Entry => new(Path.Trim(), Value.Write());
}
