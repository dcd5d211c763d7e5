using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Samples;

/// <summary>The sliders of a sweep, and which run they mean: the one that is what they say, or the nearest to it.</summary>
public sealed class ParameterSliders
{
    private readonly IReadOnlyList<SampledRun> _runs;

    /// <param name="runs">Runs of the sweep that have samples.</param>
    /// <param name="numbers">Keys that the sweep's search draws between bounds.</param>
    public ParameterSliders(IReadOnlyList<SampledRun> runs, IReadOnlyList<SweptNumber> numbers)
    {
        _runs = runs;
        var keys = runs.SelectMany(run => run.Parameters.Keys).Distinct().ToList();
        All =
        [
            .. keys.Select(key => new ParameterSlider(
                    key, SweptKey.ShortNameOf(key, keys), numbers.FirstOrDefault(number => number.Key == key),
                    runs.Select(run => run.Parameters.GetValueOrDefault(key)).OfType<string>()))
                .Where(slider => slider.Places.Count > 1),
        ];
    }

    /// <summary>One for each key in which the runs differ.</summary>
    public IReadOnlyList<ParameterSlider> All { get; }

    /// <summary>What a slider is set to: what was picked, or what the first run has.</summary>
    /// <param name="picked">By key, as the address has it.</param>
    public string WantedOf(ParameterSlider slider, IReadOnlyDictionary<string, string> picked) =>
        picked.GetValueOrDefault(slider.Key) is { } value && (slider.Range is not null || slider.Places.Contains(value))
            ? value
            : _runs.Select(run => run.Parameters.GetValueOrDefault(slider.Key)).FirstOrDefault(has => has is not null) ?? slider.Places[0];

    /// <summary>The run that is meant; null when no run has samples.</summary>
    /// <param name="replicate">Which of its replicates, where it has several; null for the first.</param>
    public PickedRun? Pick(IReadOnlyDictionary<string, string> picked, int? replicate = null)
    {
        if (_runs.Count == 0)
        {
            return null;
        }

        var wanted = All.Select(slider => (Slider: slider, Value: WantedOf(slider, picked))).ToList();
        var nearest = _runs.MinBy(run => DistanceOf(run, wanted))!;
        var replicates = _runs.Where(run => SameConfiguration(run, nearest)).OrderBy(run => run.Replicate).ThenBy(run => run.Id).ToList();
        var chosen = replicates.Find(run => run.Replicate == replicate) ?? replicates[0];
        return new PickedRun(
            chosen,
            DistanceOf(chosen, wanted),
            [
                .. wanted.Where(want => want.Slider.Distance(want.Value, chosen.Parameters.GetValueOrDefault(want.Slider.Key)) > 0)
                    .Select(want => $"{want.Slider.Name} {chosen.Parameters[want.Slider.Key]} instead of {want.Value}"),
            ],
            replicates);
    }

    private static double DistanceOf(SampledRun run, IEnumerable<(ParameterSlider Slider, string Value)> wanted) =>
        Math.Sqrt(wanted.Sum(want => Math.Pow(want.Slider.Distance(want.Value, run.Parameters.GetValueOrDefault(want.Slider.Key)), 2)));

    private static bool SameConfiguration(SampledRun run, SampledRun other) =>
        run.Parameters.Count == other.Parameters.Count && run.Parameters.All(parameter => other.Parameters.GetValueOrDefault(parameter.Key) == parameter.Value);
}
