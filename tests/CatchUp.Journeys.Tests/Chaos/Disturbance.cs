namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Something that happens to the set-up while a sweep runs.</summary>
/// <param name="Parts">What is killed, or stopped and woken again.</param>
/// <param name="Moment">When.</param>
/// <param name="Down">How long until it is started again, or woken.</param>
/// <param name="Frozen">SIGSTOP and SIGCONT instead of a kill; for workers.</param>
internal sealed record Disturbance(IReadOnlyList<Part> Parts, Moment Moment, TimeSpan Down, bool Frozen = false)
{
    public static Disturbance Kill(Part part, Moment moment) => new([part], moment, TimeSpan.FromSeconds(1));

    /// <summary>Longer than a lease of the default settings.</summary>
    public static Disturbance Outage(Part part) => new([part], Moment.MidTraining, TimeSpan.FromSeconds(30));

    public static Disturbance Freeze() => new([Part.Worker], Moment.MidTraining, TimeSpan.FromSeconds(30), Frozen: true);

    public override string ToString() => Frozen
        ? $"worker frozen for {Down.TotalSeconds:0} s"
        : Down > TimeSpan.FromSeconds(5) ? $"{string.Join(" and ", Parts).ToLowerInvariant()} down for {Down.TotalSeconds:0} s" : $"{string.Join(" and ", Parts).ToLowerInvariant()} killed";
}
