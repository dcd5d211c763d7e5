namespace CatchUp.Search.Stopping;

/// <summary>What was decided about a trial at a rung, and the numbers behind it. Once recorded it is never revised; only waiting may still become the one or the other.</summary>
public sealed record RungDecision
{
    /// <summary>Name of the ladder; the same few words in very many decisions.</summary>
    public required string Ladder { get; init => field = string.Intern(value); }

    /// <summary>Number of the rung from 0, the cheapest.</summary>
    public required int Rung { get; init; }

    /// <summary>The resource spent there, in the ladder's unit.</summary>
    public required long Level { get; init; }

    /// <summary>The trial's own value there.</summary>
    public required double Value { get; init; }

    public required RungOutcome Outcome { get; init; }

    /// <summary>The worst value that goes on; null when too few were known to say.</summary>
    public double? Threshold { get; init; }

    /// <summary>Place of the value among those known at the rung, from 1.</summary>
    public required int Place { get; init; }

    /// <summary>Values known at the rung, this one included.</summary>
    public required int Known { get; init; }

    /// <summary>The rule would have pruned it, and it goes on to show what pruning costs.</summary>
    public bool Spared { get; init; }

    /// <summary>The decision in words.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Text
    {
        get
        {
            var what = (Outcome, Spared) switch
            {
                (RungOutcome.Promote, true) => "spared",
                (RungOutcome.Promote, _) => "goes on",
                (RungOutcome.Wait, _) => "waits",
                _ => "pruned",
            };
            var why = Threshold is { } threshold ? Say($"threshold {threshold:G6}") : "too few values for a threshold";
            return Say($"{what} at rung {Rung + 1} of {Ladder} ({Level:N0}): its {Value:G6} is number {Place} of {Known}, {why}");
        }
    }

    private static string Say(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
