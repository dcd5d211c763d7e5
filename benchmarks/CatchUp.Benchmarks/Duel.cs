namespace CatchUp.Benchmarks;

/// <summary>Two sides that took turns in one run, so that whatever slowed the machine slowed both.</summary>
internal sealed class Duel
{
    /// <summary>What both sides work before anything counts: just-in-time compilation is through by then.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private readonly List<Round> ours = [];
    private readonly List<Round> theirs = [];

    private Duel()
    {
    }

    public IReadOnlyList<Round> Ours => ours;

    public IReadOnlyList<Round> Theirs => theirs;

    /// <summary>Median seconds of one unit of our work.</summary>
    public double OurSeconds => Median(ours.Select(round => round.SecondsPerUnit));

    public double TheirSeconds => Median(theirs.Select(round => round.SecondsPerUnit));

    /// <summary>How many times as fast we are: the ratio of the medians.</summary>
    public double Speed => TheirSeconds / OurSeconds;

    /// <summary>The smallest and largest ratio of two rounds that followed each other.</summary>
    public (double Low, double High) SpeedRange
    {
        get
        {
            var ratios = theirs.Zip(ours, (their, our) => their.SecondsPerUnit / our.SecondsPerUnit).ToList();
            return (ratios.Min(), ratios.Max());
        }
    }

    /// <summary>Makes the rounds; who begins changes with every pair.</summary>
    public static Duel Fight(Rival our, Rival their, int rounds)
    {
        if (our.Threads != their.Threads)
        {
            throw new BenchmarkException($"One side has {our.Threads} threads, the other {their.Threads}.");
        }

        var duel = new Duel();
        var pairs = 0;
        for (var warmed = TimeSpan.Zero; warmed < WarmUp;)
        {
            var (ours, theirs) = Pair();
            warmed += ours.Length + theirs.Length;
        }

        for (var i = 0; i < rounds; i++)
        {
            var (ours, theirs) = Pair();
            duel.ours.Add(ours);
            duel.theirs.Add(theirs);
        }

        return duel;

        (Round Ours, Round Theirs) Pair()
        {
            var weBegin = pairs++ % 2 == 0;
            Round first = (weBegin ? our : their).Make(), second = (weBegin ? their : our).Make();
            return weBegin ? (first, second) : (second, first);
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }
}
