namespace CatchUp.Tracking.Reproductions;

/// <summary>Grids of images that both made from the same noise: of the same step, solver, NFE, head and noise bank.</summary>
public sealed record ComparedSamples
{
    /// <summary>Those with the same pixels.</summary>
    public int Identical { get; init; }

    public int Different { get; init; }

    /// <summary>Those that only one of the two has, up to the step that both reached.</summary>
    public int Missing { get; init; }

    /// <summary>Those whose files differ and could not be read.</summary>
    public int Unreadable { get; init; }

    public IReadOnlyList<ComparedSample> Differences { get; init; } = [];
}
