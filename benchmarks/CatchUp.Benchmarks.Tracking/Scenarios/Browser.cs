using CatchUp.Benchmarks.Tracking.Servers;
using Microsoft.Playwright;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>What someone at the pages waits for, in Chromium, on a database of <c>--runs</c> runs and <c>--points</c> points, or on those that <c>--filled</c> names.</summary>
internal sealed class Browser : Scenario
{
    private const string PaintWanted = "first paint p95 ≤ 1 s", Wanted = "p95 ≤ 200 ms";

    // Both charts have lines, and neither says that it is still reading.
    private const string ChartsDrawn = "document.querySelectorAll('.chart-host canvas').length >= 2 && !document.querySelector('.chart-note') && !document.querySelector('.chart-host[aria-label*=\" 0 points\"]')";
    private const string RowsShown = "document.querySelectorAll('tr.run-row[data-run]').length >= 10";

    private const string Narrowed = "document.querySelector('.curve-controls button[title^=\"Show the whole\"]')";

    private const string Ended = "/runs?state=completed";

    // A page takes nothing while its live connection is not there.
    private const string FirstRun = "document.querySelector('tr.run-row[data-run]')?.dataset.run";

    public override string Name => "browser";

    public override string Summary => "first paint and answers of the pages with --runs runs and --points points";

    public override string Circumstances(Options options) => Text($"{options.Runs:N0} runs, {options.Points:N0} points, {options.Visits} visits a page");

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in options.Databases)
        {
            var product = await FilledProduct.StartAsync(kind, options, Repository, cancellation);
            await using (product)
            {
                foreach (var (name, address, shown) in Pages)
                {
                    yield return await PageAsync(product.Chromium, kind, options, name, address, shown);
                }

                await foreach (var row in AnswersAsync(product.Chromium, kind, options))
                {
                    yield return row;
                }
            }
        }
    }

    private static (string Name, string Address, string Shown)[] Pages =>
    [
        ("home", "/", "document.querySelectorAll('.home li').length > 10"),
        ("runs", "/runs", RowsShown),
        ("sweeps", "/sweeps", "document.querySelectorAll('main a[href^=\"/sweeps/\"]').length > 5"),
        ("sweep of two fifths of the runs", "/sweeps/1", $"{RowsShown} && {ChartsDrawn}"),
        ("run", "/runs/100", ChartsDrawn),
        ("compare 8 runs", Comparison(8), ChartsDrawn),
        ("compare 50 runs", Comparison(50), ChartsDrawn),
        ("parameters of all runs", "/parameters", "document.querySelector('[data-parallel] canvas') && document.querySelectorAll('.chosen-runs tbody tr').length > 10"),
        ("queue", "/queue", "document.querySelectorAll('main tbody tr').length > 10"),
        ("night", "/digest", "document.querySelectorAll('main a[href^=\"/runs/\"]').length > 3"),
    ];

    private static string Comparison(int runs) => $"/compare?runs={string.Join(',', Enumerable.Range(0, runs).Select(index => Text($"{1 + (index * 3)}")))}";

    /// <summary>Every visit is a first one: nothing is cached in the browser.</summary>
    private static async Task<Row> PageAsync(Chromium chromium, DatabaseKind kind, Options options, string name, string address, string shown)
    {
        var (paints, contents) = (new List<double>(), new List<double>());
        for (var visit = 0; visit <= options.Visits; visit++)
        {
            var page = await chromium.VisitAsync();
            var (paint, content) = await Chromium.OpenAsync(page, address, shown);
            await page.Context.CloseAsync();
            if (visit > 0)
            {
                // The server's first drawing of a page compiles it.
                paints.Add(paint);
                contents.Add(content);
            }
        }

        return new Row(
            Text($"{name}, {Word(kind)}"), Text($"first paint p50 {Percentile(paints, 0.5):0} ms"), Text($"content p50 {Percentile(contents, 0.5):0} ms"),
            Text($"first paint p95 {Percentile(paints, 0.95):0} ms, content p95 {Percentile(contents, 0.95):0} ms"), PaintWanted);
    }

    private static async IAsyncEnumerable<Row> AnswersAsync(Chromium chromium, DatabaseKind kind, Options options)
    {
        var page = await chromium.VisitAsync();
        await ReadyAsync(page, "/runs?cols=name,state,objective.order,optimizer.learningRate,fid[euler,%20nfe=4],metric[loss],created&pin=1", RowsShown);
        yield return await AnswerAsync(page, kind, options, "sort by name", Sort(0), Resorted(0));
        yield return await AnswerAsync(page, kind, options, "sort by a key of the configuration", Sort(3), Resorted(3));
        yield return await AnswerAsync(page, kind, options, "sort by FID", Sort(4), Resorted(4));
        yield return await AnswerAsync(page, kind, options, "sort by last loss", Sort(5), Resorted(5));
        yield return await AnswerAsync(
            page, kind, options, "scroll to the middle of the list and back", "const frame = document.querySelector('.run-table-frame'); window.__up = frame.scrollTop > 1000; frame.scrollTop = window.__up ? 0 : frame.scrollHeight / 2;",
            "(index => window.__up ? index === 0 : index > 2000)(Number(document.querySelector('tr.run-row[data-run]')?.dataset.index))");
        yield return await AnswerAsync(page, kind, options, "select a run", "document.querySelector('td.cell-select input').click(); window.__selected = document.querySelectorAll('tr.selected').length;", "document.querySelectorAll('tr.selected').length !== window.__selected");
        yield return await AnswerAsync(
            page, kind, options, "open the columns", "[...document.querySelectorAll('.list-tools button')].find(b => b.textContent.trim() === 'Columns').click();", "document.querySelectorAll('.columns-offered li').length > 5",
            after: async () =>
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Keep as it is" }).ClickAsync();
                await page.WaitForFunctionAsync("() => !document.querySelector('[role=dialog]')");
            });

        await ReadyAsync(page, "/runs", RowsShown);
        yield return await AnswerAsync(page, kind, options, "type a word to filter by", Type("rk23", "seeds"), Filtered);
        yield return await AnswerAsync(page, kind, options, "type a filter over keys and FID", Type("objective.order = rk23 and fid[nfe=4] < 45", "objective.order = rk12 and fid[nfe=4] < 50"), Filtered);
        yield return await AnswerAsync(
            page, kind, options, "group by replicates and back", "const group = document.querySelector('[aria-label=\"Group runs by\"]'); group.value = group.value === 'configuration' ? '' : 'configuration'; group.dispatchEvent(new Event('change', { bubbles: true }));",
            "document.querySelector('[aria-label=\"Group runs by\"]').value === 'configuration' ? document.querySelector('tr.group-row') : document.querySelector('tr.run-row[data-run]')");

        // The newest of all have not begun and have nothing to draw.
        await ReadyAsync(page, Ended, RowsShown);
        yield return await AnswerAsync(
            page, kind, options, "from the list to a run", "document.querySelector('tr.run-row[data-run] a').click();", ChartsDrawn, after: () => ReadyAsync(page, Ended, RowsShown));

        await ReadyAsync(page, "/runs/100", ChartsDrawn);
        yield return await AnswerAsync(
            page, kind, options, "zoom a curve",
            "const over = document.querySelector('.chart-host .u-over'); const box = over.getBoundingClientRect(); window.__view = location.search; const at = (type, share) => (type === 'mousemove' || type === 'mousedown' ? over : document).dispatchEvent(new MouseEvent(type, { bubbles: true, button: 0, movementX: 9, clientX: box.left + box.width * share, clientY: box.top + 20 })); at('mousemove', 0.3); at('mousedown', 0.3); at('mousemove', 0.6); at('mouseup', 0.6);",
            $"location.search !== window.__view && {Narrowed}",
            after: async () =>
            {
                await page.EvaluateAsync($"{Narrowed}.click()");
                await page.WaitForFunctionAsync($"() => !{Narrowed}");
            });
        await page.Context.CloseAsync();
    }

    private static string Sort(int column) => Text($"window.__first = {FirstRun}; document.querySelectorAll('th button.sort')[{column}].click();");

    private static string Resorted(int column) => Text($"document.querySelectorAll('th button.sort')[{column}].closest('th').getAttribute('aria-sort') !== 'none' && {FirstRun} && {FirstRun} !== window.__first");

    /// <summary>Types one of two texts, whichever is not there.</summary>
    private static string Type(string one, string other) =>
        $"const box = document.querySelector('.filter-input'); window.__total = document.querySelector('.total').textContent; box.value = box.value === '{one}' ? '{other}' : '{one}'; box.dispatchEvent(new Event('input', {{ bubbles: true }}));";

    private const string Filtered = $"document.querySelector('.total').textContent !== window.__total && {FirstRun}";

    private static async Task ReadyAsync(IPage page, string address, string shown)
    {
        await Chromium.OpenAsync(page, address, shown);

        // Handlers come with the parts of the page that a script attaches last.
        await page.WaitForTimeoutAsync(500);
    }

    private static async Task<Row> AnswerAsync(IPage page, DatabaseKind kind, Options options, string what, string deed, string done, Func<Task>? after = null)
    {
        var times = new List<double>();
        for (var time = 0; time <= 2 * options.Visits; time++)
        {
            try
            {
                times.Add(await Chromium.TimeAsync(page, deed, done));
            }
            catch (PlaywrightException problem)
            {
                throw new BenchmarkException($"{what}: {problem.Message}");
            }

            if (after is not null)
            {
                await after();
            }

            await page.WaitForTimeoutAsync(150);
        }

        times.RemoveAt(0);
        return new Row(Text($"{what}, {Word(kind)}"), Text($"p50 {Percentile(times, 0.5):0} ms"), Text($"slowest {times.Max():0} ms"), Text($"p95 {Percentile(times, 0.95):0} ms"), Wanted);
    }
}
