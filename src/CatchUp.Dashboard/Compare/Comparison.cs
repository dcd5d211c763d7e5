using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Compare;

/// <summary>The runs that are compared, with what all parts of the comparison share: what each is called and how it is drawn.</summary>
/// <param name="Runs">In the order they were chosen in.</param>
/// <param name="Labels">By run: its name, with its id where two have the same.</param>
/// <param name="Styles">By run; a run keeps its colour in all parts.</param>
/// <param name="Groups">Runs that are alike but for the seed, in the order of their first run. Every run is in one of them.</param>
/// <param name="ByGroup">Replicates are drawn as one line, with their spread.</param>
public sealed record Comparison(
    IReadOnlyList<RunDetails> Runs,
    IReadOnlyDictionary<long, string> Labels,
    IReadOnlyDictionary<long, SeriesStyle> Styles,
    IReadOnlyList<ComparisonGroup> Groups,
    bool ByGroup)
{
    public static Comparison Nothing { get; } = new([], new Dictionary<long, string>(), new Dictionary<long, SeriesStyle>(), [], ByGroup: false);

    public IReadOnlyList<long> Ids { get; } = [.. Runs.Select(run => run.Summary.Id)];

    public IReadOnlyList<ChartRun> ChartRuns { get; } = [.. Runs.Select(run => new ChartRun(run.Summary.Id, Labels[run.Summary.Id]))];

    /// <summary>Any group has more than one run.</summary>
    public bool HasReplicates => Groups.Count < Runs.Count;

    /// <param name="runs">In the order they were chosen in.</param>
    /// <param name="styles">Colours that were given before: taking a run out must not repaint the others.</param>
    /// <param name="byGroup">Null: where there are replicates.</param>
    public static Comparison Of(IReadOnlyList<RunDetails> runs, IReadOnlyDictionary<long, SeriesStyle> styles, bool? byGroup)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(styles);
        if (!runs.All(run => styles.ContainsKey(run.Summary.Id)))
        {
            styles = SeriesPalette.Assign(runs.Select(run => run.Summary.Id));
        }

        var alike = runs.GroupBy(run => run.Summary.Name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var labels = runs.ToDictionary(run => run.Summary.Id, run => alike.Contains(run.Summary.Name) ? $"{run.Summary.Name} (run {run.Summary.Id})" : run.Summary.Name);
        var groups = ComparisonGroup.Of(runs, labels, styles);
        return new(runs, labels, styles, groups, byGroup ?? groups.Count < runs.Count);
    }

    public string LabelOf(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Labels.GetValueOrDefault(run.Id, run.Name);
    }

    public SeriesStyle StyleOf(long run) => Styles.GetValueOrDefault(run);
}
