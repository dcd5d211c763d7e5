using System.Globalization;
using System.Net;
using System.Text;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>
/// Draws charts as SVG, for where no script runs: the same exact extremes, lines, marks and labels as in the pages. Colours come from the
/// classes s0 to s7 (<see cref="SeriesStyle"/>), grid and words from grid, axis and tick, so that whoever shows it decides about light and dark.
/// </summary>
internal static class SvgChart
{
    public const int Width = 760, Height = 300;

    /// <summary>More lines than these have a legend instead of labels at their ends.</summary>
    public const int MostLabels = 12;

    private const double Top = 12, Bottom = Height - 44, Left = 66, LetterWidth = 6.4, MostRoom = 210, LineHeight = 14;

    private static readonly string[] Dashes = ["", "7 4", "2 3", "10 3 2 3", "14 5"];

    /// <summary>Curves over steps: behind each line the exact extremes of its buckets, crosses where values were not finite.</summary>
    /// <param name="series">The curves, by step.</param>
    /// <param name="view">Part, axis and smoothing.</param>
    /// <param name="xLabel">What the steps are.</param>
    /// <param name="yLabel">The value's name, with its unit where it has one.</param>
    /// <param name="title">What the picture is called for those who do not see it.</param>
    public static string Curves(IReadOnlyList<ChartSeries> series, ChartView view, string xLabel, string yLabel, string title)
    {
        var (log, from, to) = (view.Log, view.From ?? long.MinValue, view.To ?? long.MaxValue);
        var shown = series.Select(one => (Series: one, Buckets: (IReadOnlyList<CurveBucket>)[.. one.Buckets.Where(bucket => bucket.End >= from && bucket.End <= to)])).Where(one => one.Buckets.Count > 0).ToList();
        var places = shown.SelectMany(one => one.Buckets).SelectMany(bucket => new[] { bucket.Start, bucket.End }).DefaultIfEmpty(0).ToList();
        var (first, last) = (view.From ?? places.Min(), view.To ?? places.Max());
        var values = shown.SelectMany(one => one.Buckets).SelectMany(bucket => new[] { bucket.Low, bucket.High }).OfType<double>().Where(value => double.IsFinite(value) && (!log || value > 0)).DefaultIfEmpty(double.NaN).ToList();
        var (low, high) = SvgAxis.Range(values.Min(), values.Max(), log);
        var drawing = new Drawing(title, shown.ConvertAll(one => one.Series.Label), first < last ? (first, last) : (first - 0.5, first + 0.5), logX: false, (low, high), log);
        drawing.Axes(drawing.X.Ticks(6), SvgAxis.Text, xLabel, yLabel);
        var ends = new List<(string Label, int Colour, double At)>();
        foreach (var (one, buckets) in shown)
        {
            drawing.Begin(one.Style.Colour);
            Band(drawing, one, buckets, view);
            var smooth = view.Smoothing > 0 ? Smooth(one.Buckets, view.Smoothing) : null;
            var raw = buckets.Select(bucket => (X: bucket.End, Y: Drawable(bucket.Value, log))).ToList();
            drawing.Line(raw, one.Style.Dash, faint: smooth is not null);
            var line = smooth is null ? raw : buckets.Select(bucket => (X: bucket.End, Y: Drawable(smooth[bucket.Step], log))).ToList();
            if (smooth is not null)
            {
                drawing.Line(line, one.Style.Dash, faint: false);
            }

            foreach (var bucket in buckets.Where(bucket => bucket.NotFinite > 0))
            {
                drawing.Cross(bucket.End);
            }

            drawing.End();
            if (line.LastOrDefault(point => point.Y is not null) is { Y: { } end })
            {
                ends.Add((one.Label, one.Style.Colour, drawing.Y.At(end)));
            }
        }

        drawing.Labels(ends);
        return drawing.ToString();
    }

    /// <summary>A number of images over NFE, with its intervals. All lines have one protocol.</summary>
    public static string OverNfe(IReadOnlyList<FidLine> lines, bool log, string yLabel, string title)
    {
        var points = lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Value) && (!log || point.Value > 0)).ToList();
        var nfes = points.Select(point => (double)point.Nfe).Distinct().Order().ToList();
        var lows = points.Select(point => point.Low is { } bound && double.IsFinite(bound) && (!log || bound > 0) ? bound : point.Value).DefaultIfEmpty(double.NaN).Min();
        var highs = points.Select(point => point.High is { } bound && double.IsFinite(bound) ? bound : point.Value).DefaultIfEmpty(double.NaN).Max();
        var range = !log && lows >= 0 ? (0, highs > 0 ? highs * 1.08 : 1) : SvgAxis.Range(lows, highs, log);
        var (first, last) = nfes.Count == 0 ? (1, 2) : nfes.Count == 1 ? (nfes[0] / 2, nfes[0] * 2) : (nfes[0] / 1.12, nfes[^1] * 1.12);
        var drawing = new Drawing(title, [.. lines.Select(line => line.Label)], (first, last), logX: true, range, log);
        drawing.Axes(nfes, nfe => nfe.ToString("0", CultureInfo.InvariantCulture), "NFE (network evaluations per image)", yLabel);
        var ends = new List<(string Label, int Colour, double At)>();
        foreach (var line in lines)
        {
            var drawn = line.Points.Where(point => double.IsFinite(point.Value) && (!log || point.Value > 0)).ToList();
            if (drawn.Count == 0)
            {
                continue;
            }

            drawing.Begin(line.Style.Colour);
            drawing.Line([.. drawn.Select(point => ((double)point.Nfe, (double?)point.Value))], line.Style.Dash, faint: false);
            foreach (var point in drawn)
            {
                drawing.Point(point.Nfe, point.Value, Drawable(point.Low, log), Drawable(point.High, log));
            }

            drawing.End();
            ends.Add((line.Label, line.Style.Colour, drawing.Y.At(drawn[^1].Value)));
        }

        drawing.Labels(ends);
        return drawing.ToString();
    }

    private static void Band(Drawing drawing, ChartSeries series, IReadOnlyList<CurveBucket> buckets, ChartView view)
    {
        if (series.BucketWidth <= 1)
        {
            return;
        }

        var part = new List<(double X, double Low, double High)>();
        foreach (var bucket in buckets)
        {
            if (bucket is { Low: { } low, High: { } high } && (!view.Log || high > 0))
            {
                // Both ends: between its first and its last point a bucket is as high as its extremes all along.
                low = view.Log && low <= 0 ? drawing.Y.Low : low;
                part.Add((Math.Max(drawing.X.Low, bucket.Start), low, high));
                if (bucket.End > bucket.Start)
                {
                    part.Add((bucket.End, low, high));
                }

                continue;
            }

            drawing.Band(part, view.Smoothing > 0);
            part.Clear();
        }

        drawing.Band(part, view.Smoothing > 0);
    }

    /// <summary>The moving average of the whole curve, by step: its past counts where only a part is drawn. As the pages compute it.</summary>
    private static Dictionary<long, double?> Smooth(IReadOnlyList<CurveBucket> buckets, int window)
    {
        var (alpha, mean) = (2.0 / (window + 1), (double?)null);
        var smooth = new Dictionary<long, double?>();
        foreach (var bucket in buckets)
        {
            if (bucket.Value is { } value && double.IsFinite(value))
            {
                mean = mean is { } before ? before + (alpha * (value - before)) : value;
                smooth[bucket.Step] = mean;
            }
            else
            {
                smooth[bucket.Step] = null;
            }
        }

        return smooth;
    }

    private static double? Drawable(double? value, bool log) => value is { } number && double.IsFinite(number) && (!log || number > 0) ? number : null;

    /// <summary>The SVG as it grows.</summary>
    private sealed class Drawing
    {
        private readonly StringBuilder _svg = new();
        private readonly bool _labelled;
        private readonly double _right;

        public Drawing(string title, IReadOnlyList<string> labels, (double Low, double High) x, bool logX, (double Low, double High) y, bool logY)
        {
            _labelled = labels.Count is > 1 and <= MostLabels;
            _right = Width - (_labelled ? Math.Min(MostRoom, (labels.Max(label => label.Length) * LetterWidth) + 16) : 22);
            X = new SvgAxis(x.Low, x.High, logX, Left, _right);
            Y = new SvgAxis(y.Low, y.High, logY, Bottom, Top);
            _svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"drawn-chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Safe(title)}\">");
        }

        public SvgAxis X { get; }

        public SvgAxis Y { get; }

        public void Axes(IReadOnlyList<double> xTicks, Func<double, string> xText, string xLabel, string yLabel)
        {
            foreach (var tick in Y.Ticks(5))
            {
                var at = Y.At(tick);
                _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {at:0.##}H{_right:0.##}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{at + 4:0.##}\" text-anchor=\"end\">{SvgAxis.Text(tick)}</text>");
            }

            var last = double.NegativeInfinity;
            foreach (var tick in xTicks)
            {
                var at = X.At(tick);
                _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{at:0.##} {Top}V{Bottom}\"/>");
                if (at - last >= 26)
                {
                    _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{at:0.##}\" y=\"{Bottom + 17}\" text-anchor=\"middle\">{xText(tick)}</text>");
                    last = at;
                }
            }

            _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top}V{Bottom}H{_right:0.##}\"/>");
            _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{(Left + _right) / 2:0.##}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Safe(xLabel)}</text>");
            _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" transform=\"translate(13 {(Top + Bottom) / 2:0.##}) rotate(-90)\" text-anchor=\"middle\">{Safe(yLabel)}</text>");
        }

        public void Begin(int colour) => _svg.Append(CultureInfo.InvariantCulture, $"<g class=\"s{colour}\" fill=\"none\" stroke=\"currentColor\">");

        public void End() => _svg.Append("</g>");

        public void Band(List<(double X, double Low, double High)> part, bool faint)
        {
            if (part.Count < 2)
            {
                return;
            }

            _svg.Append("<path class=\"band\" d=\"");
            foreach (var (index, (x, _, high)) in part.Index())
            {
                _svg.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{X.At(x):0.##} {Y.At(high):0.##}");
            }

            foreach (var (x, low, _) in Enumerable.Reverse(part))
            {
                _svg.Append(CultureInfo.InvariantCulture, $"L{X.At(x):0.##} {Y.At(low):0.##}");
            }

            _svg.Append(CultureInfo.InvariantCulture, $"Z\" fill=\"currentColor\" stroke=\"none\" fill-opacity=\"{(faint ? 0.1 : 0.2)}\"/>");
        }

        /// <summary>A line with a gap wherever there is no value; a value alone is a dot.</summary>
        public void Line(List<(double X, double? Y)> points, int dash, bool faint)
        {
            var path = new StringBuilder();
            for (var i = 0; i < points.Count; i++)
            {
                if (points[i].Y is not { } y)
                {
                    continue;
                }

                var (before, after) = (i > 0 && points[i - 1].Y is not null, i + 1 < points.Count && points[i + 1].Y is not null);
                var (left, top) = (X.At(points[i].X), Y.At(y));
                if (!before && !after)
                {
                    _svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{left:0.##}\" cy=\"{top:0.##}\" r=\"2.5\" fill=\"currentColor\" stroke=\"none\"/>");
                }
                else
                {
                    path.Append(CultureInfo.InvariantCulture, $"{(before ? 'L' : 'M')}{left:0.##} {top:0.##}");
                }
            }

            if (path.Length > 0)
            {
                var dashes = Dashes[dash % Dashes.Length];
                _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" d=\"{path}\" stroke-width=\"{(faint ? 1 : 1.6)}\"{(faint ? " stroke-opacity=\"0.3\"" : "")}{(dashes.Length == 0 ? "" : $" stroke-dasharray=\"{dashes}\"")} stroke-linejoin=\"round\"/>");
            }
        }

        public void Cross(double x)
        {
            var at = X.At(x);
            _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"not-finite\" d=\"M{at - 3.5:0.##} {Top + 3.5}l7 7m0 -7l-7 7\" stroke-width=\"1.6\"/>");
        }

        public void Point(double x, double y, double? low, double? high)
        {
            var at = X.At(x);
            if (low is { } from && high is { } to)
            {
                var (top, bottom) = (Y.At(to), Y.At(from));
                _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"interval\" d=\"M{at:0.##} {top:0.##}V{bottom:0.##}M{at - 3:0.##} {top:0.##}h6M{at - 3:0.##} {bottom:0.##}h6\" stroke-width=\"1.2\" stroke-opacity=\"0.8\"/>");
            }

            _svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"point\" cx=\"{at:0.##}\" cy=\"{Y.At(y):0.##}\" r=\"3.2\" fill=\"currentColor\" stroke=\"none\"/>");
        }

        /// <summary>Labels at the right edge, pushed apart where lines end close together.</summary>
        public void Labels(List<(string Label, int Colour, double At)> ends)
        {
            if (!_labelled)
            {
                return;
            }

            var sorted = ends.OrderBy(end => end.At).ToList();
            var at = sorted.Select(end => Math.Clamp(end.At, Top, Bottom)).ToArray();
            for (var i = 1; i < at.Length; i++)
            {
                at[i] = Math.Max(at[i], at[i - 1] + LineHeight);
            }

            for (var i = at.Length - 1; i >= 0; i--)
            {
                at[i] = Math.Min(at[i], i == at.Length - 1 ? Bottom : at[i + 1] - LineHeight);
            }

            foreach (var (index, end) in sorted.Index())
            {
                var most = (int)((MostRoom - 16) / LetterWidth);
                var text = end.Label.Length <= most ? end.Label : $"{end.Label[..(most - 1)]}…";
                _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"end s{end.Colour}\" x=\"{_right + 7:0.##}\" y=\"{at[index] + 4:0.##}\" fill=\"currentColor\">{Safe(text)}</text>");
            }
        }

        public override string ToString() => $"{_svg}</svg>";

        private static string Safe(string text) => WebUtility.HtmlEncode(text);
    }
}
