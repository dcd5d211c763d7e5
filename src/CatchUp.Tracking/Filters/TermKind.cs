namespace CatchUp.Tracking.Filters;

/// <summary>What a term's values are, and so what they can be compared with.</summary>
public enum TermKind
{
    Number,

    /// <summary>A moment: <c>2026-11-24</c>, <c>2026-11-24T22:30</c> (UTC), <c>today</c>, or <c>-7d</c> before now.</summary>
    Time,

    /// <summary>In seconds; written <c>90s</c>, <c>30min</c>, <c>2h</c>, <c>1d</c>.</summary>
    Duration,

    Text,

    /// <summary>One word of a few.</summary>
    Choice,

    Truth,

    /// <summary>The tags of a run: any number of words.</summary>
    Tags,
}
