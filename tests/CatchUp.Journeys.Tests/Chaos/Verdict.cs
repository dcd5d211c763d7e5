namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>What a disturbance did, counted over all runs of the sweep.</summary>
/// <param name="Attempts">Attempts of all runs together.</param>
/// <param name="Points">Points that are stored.</param>
/// <param name="Missing">Points of the undisturbed sweep that are not.</param>
/// <param name="Different">Points and evaluations that are not those of the undisturbed sweep, bit for bit, or too many.</param>
/// <param name="Detection">From the disturbance to the word that an attempt is lost; null when none was.</param>
/// <param name="Resumption">From the disturbance to the next attempt's start; null when there was none.</param>
internal sealed record Verdict(Disturbance Disturbance, int Attempts, int Points, int Missing, int Different, TimeSpan? Detection, TimeSpan? Resumption)
{
    /// <summary>What the default settings promise.</summary>
    public static readonly TimeSpan DetectionLimit = TimeSpan.FromSeconds(30), ResumptionLimit = TimeSpan.FromSeconds(60);

    public const string Header = """
        | what happened | when | attempts | points | missing | different | detected after | resumed after |
        |---|---|---|---|---|---|---|---|
        """;

    public string Row => $"| {Disturbance} | {Disturbance.Moment} | {Attempts} | {Points} | {Missing} | {Different} | {Seconds(Detection)} | {Seconds(Resumption)} |";

    private static string Seconds(TimeSpan? time) => time is { } value ? FormattableString.Invariant($"{value.TotalSeconds:0.0} s") : "–";
}
