namespace CatchUp.Contracts.Specifications;

/// <summary>The run that this one starts from, or whose model is its teacher. It waits until that run has completed.</summary>
public sealed record InitialRunSpecification
{
    /// <summary>The word for: starts from its own random weights.</summary>
    public const string None = "none";

    [Key("The run whose averaged weights this one starts from and, when it distils, learns from: its id, or the name of a variant of the same sweep. none starts from random weights.", TakesNumbers = true)]
    public string Run { get; init; } = None;

    /// <summary>The id that <see cref="Run"/> names; null for none and for a name.</summary>
    public long? Id() => long.TryParse(Run, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;

    [Key("Step of the snapshot to take; 0 takes the last one.", Minimum = 0, Maximum = 100_000_000)]
    public int Step { get; init; }
}
