namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>What a disturbance did, counted over all runs of the sweep.</summary>
/// <param name="Attempts">Attempts of all runs together.</param>
/// <param name="Points">Points that are stored.</param>
/// <param name="Missing">Points and evaluations of the undisturbed sweep that are not there.</param>
/// <param name="Different">Points and evaluations that are not those of the undisturbed sweep, bit for bit, or too many.</param>
/// <param name="Detection">From the disturbance, or the platform's return, to the word that an attempt is lost; null when none was.</param>
/// <param name="Resumption">From the disturbance, or the platform's return, to the next attempt's start; null when there was none.</param>
/// <param name="Problem">What else is not as it must be; null when all is.</param>
internal sealed record Verdict(Disturbance Disturbance, int Attempts, int Points, int Missing, int Different, TimeSpan? Detection, TimeSpan? Resumption, string? Problem = null)
{
    public const string Header = """
        | what happened | when | attempts | points | missing | different | lost after | went on after |
        |---|---|--:|--:|--:|--:|--:|--:|
        """;

    private static readonly TimeSpan DetectionLimit = TimeSpan.FromSeconds(30), ResumptionLimit = TimeSpan.FromSeconds(60);

    /// <summary>Whether all is as if nothing had happened.</summary>
    public bool Holds => Problem is null && Points > 0 && (Missing, Different) == (0, 0);

    /// <summary>Whether it also came as soon as the default settings promise.</summary>
    public bool IsPrompt => (Detection is null || Detection <= DetectionLimit) && (Resumption is null || Resumption <= ResumptionLimit);

    public string Row => $"| {Disturbance} | {When} | {Attempts} | {Points:#,0} | {Missing} | {Different} | {Seconds(Detection)} | {Seconds(Resumption)} |{(Problem is null ? "" : " " + Problem)}";

    private string When => Disturbance.Moment switch
    {
        Moment.Assign => "at the assignment",
        Moment.FirstBatch => "first points",
        Moment.MidTraining => "half-way",
        Moment.CheckpointWrite => "a checkpoint is written",
        Moment.Evaluation => "evaluating",
        _ => "at completion",
    };

    private static string Seconds(TimeSpan? time) => time is { } value ? FormattableString.Invariant($"{value.TotalSeconds:0.0} s") : "–";
}
