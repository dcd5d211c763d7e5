using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Ledger;

/// <summary>What is known of a trial. There may be 100,000: why it was proposed stays in its entry.</summary>
public sealed class TrialRecord
{
    private List<RungDecision>? _decisions;

    internal TrialRecord(int index, Configuration configuration)
    {
        (Index, Configuration, Current) = (index, configuration, configuration);
    }

    public int Index { get; }

    /// <summary>As it was proposed.</summary>
    public Configuration Configuration { get; }

    public TrialState State { get; internal set; }

    /// <summary>Objective values of a finished trial, one for each goal; null before.</summary>
    public IReadOnlyList<double>? Values { get; internal set; }

    /// <summary>What was decided at each rung it reached, in order.</summary>
    public IReadOnlyList<RungDecision> Decisions => _decisions ?? (IReadOnlyList<RungDecision>)[];

    /// <summary>How often it failed.</summary>
    public int Failures { get; internal set; }

    /// <summary>Why it failed last.</summary>
    public string? Failure { get; internal set; }

    /// <summary>The configuration in the space as it is now; null when a narrowing has left it outside.</summary>
    internal Configuration? Current { get; set; }

    internal void Add(RungDecision decision) => (_decisions ??= new(1)).Add(decision);
}
