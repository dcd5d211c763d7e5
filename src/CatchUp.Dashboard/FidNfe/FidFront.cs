using CatchUp.Dashboard.Charts;
using CatchUp.Search.Objectives;
using CatchUp.Statistics.Comparisons;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>The points than which none is better in quality, NFE and hours at once.</summary>
public static class FidFront
{
    /// <summary>All finite points, those of the front first, each by NFE and then by quality.</summary>
    /// <param name="hours">By the lines' subject; a line without is left out.</param>
    public static IReadOnlyList<FrontPoint> Of(IReadOnlyList<FidLine> lines, IReadOnlyDictionary<string, double> hours, Better better)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var all = lines
            .Where(line => hours.ContainsKey(line.Subject))
            .SelectMany(line => line.Points.Where(point => double.IsFinite(point.Value)).Select(point => (Line: line, Point: point)))
            .ToList();
        var costs = all.ConvertAll(entry => new[] { better == Better.Higher ? -entry.Point.Value : entry.Point.Value, entry.Point.Nfe, hours[entry.Line.Subject] });
        var front = ParetoFront.Of(costs).ToDictionary(index => index, index => new FrontPoint(all[index].Line, all[index].Point, costs[index][2], null));
        return
        [
            .. Ordered(front.Values),
            .. Ordered(Enumerable.Range(0, all.Count).Where(index => !front.ContainsKey(index)).Select(index => new FrontPoint(
                all[index].Line,
                all[index].Point,
                costs[index][2],
                front.Where(member => NoWorse(costs[member.Key], costs[index])).MinBy(member => costs[member.Key][0]).Value))),
        ];

        IEnumerable<FrontPoint> Ordered(IEnumerable<FrontPoint> points) =>
            points.OrderBy(point => point.Point.Nfe).ThenBy(point => better == Better.Higher ? -point.Point.Value : point.Point.Value).ThenBy(point => point.Hours);
    }

    private static bool NoWorse(double[] one, double[] other) => one.Zip(other).All(pair => pair.First <= pair.Second);
}
