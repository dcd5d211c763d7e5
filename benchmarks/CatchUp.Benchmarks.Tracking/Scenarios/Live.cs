using System.Diagnostics;
using CatchUp.Benchmarks.Tracking.Servers;
using CatchUp.Contracts;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.PostgreSql;
using CatchUp.Tracking.Database;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace CatchUp.Benchmarks.Tracking.Scenarios;

/// <summary>How long after a worker shipped a step an open page tells of it: 25 browsers on the pages of 20 runs that each ship once a second, over the broker, to a team's server.</summary>
internal sealed class Live : Scenario
{
    private const int Running = 20, Browsers = 25, StepsABatch = 10, WarmSeconds = 60;

    // Notes when which step of which run was told first, in words or as the end of a curve (then of run 0, which stands for all).
    private const string Watch = """
        (() => {
          window.__seen = [];
          const last = new Map();
          const note = (run, step) => { if (step > (last.get(run) ?? -1)) { last.set(run, step); window.__seen.push([run, step, Date.now()]); } };
          const look = () => {
            for (const element of document.querySelectorAll('[title*=" of 2,147,483,647 steps"]')) {
              const link = element.closest('tr, li')?.querySelector('a[href^="/runs/"]')?.getAttribute('href') ?? location.pathname;
              note(Number(link.split('/')[2]), Number(element.title.split(' of ')[0].replaceAll(',', '')));
            }
            for (const element of document.querySelectorAll('.run-facts dd')) {
                const [step, steps] = element.textContent.split(' of ');
                if (steps === '2,147,483,647') note(Number(location.pathname.split('/')[2]), Number(step.replaceAll(',', '')));
            }
            for (const element of document.querySelectorAll('.chart-host[data-last]')) note(0, Number(element.dataset.last));
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        })()
        """;

    // Laid out, followed and told of as ever, and not painted.
    private const string Unseen = """
        new MutationObserver((_, observer) => {
          if (!document.head) return;
          observer.disconnect();
          document.head.appendChild(Object.assign(document.createElement('style'), { textContent: 'body * { visibility: hidden !important }' }));
        }).observe(document, { subtree: true, childList: true })
        """;

    public override string Name => "live";

    public override string Summary => "lag of open pages behind running runs, and what the server spends on them";

    public override string Circumstances(Options options) => Text($"{options.Seconds} s, {options.Runs:N0} finished runs, {options.Points:N0} points, {Running} running runs, {Browsers} browsers");

    public override async IAsyncEnumerable<Row> MeasureAsync(Options options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var product = await FilledProduct.StartAsync(DatabaseKind.PostgreSql, options, Repository, cancellation, browsersBehind: true);
        await using (product)
        {
            using var host = Workers(product);
            await host.StartAsync(cancellation);
            var database = host.Services.GetRequiredService<TrackingDatabase>();
            var runs = await Load.RunningAsync(database, Running, cancellation);
            await using var heartbeats = new Heartbeats(database, runs);
            var sweep = await database.ReadAsync(context => Sql.NumberAsync(context, "SELECT sweep_id FROM runs WHERE id = @run", cancellation, ("@run", runs[0])), cancellation);
            var pages = await OpenAsync(product.Chromium, runs, sweep!.Value);
            var idle = await SpentAsync(product.Server, TimeSpan.FromSeconds(10), cancellation);
            var shipped = new Dictionary<(long Run, int Step), long>();
            var stores = new List<double>();
            var clock = Stopwatch.StartNew();
            var before = product.Server.ProcessorSeconds;

            // Workers are not in step with each other. The first minute is not counted: a server compiles in it what it runs for days.
            await Task.WhenAll(runs.Select(async (run, index) =>
            {
                for (var (tick, from) = (0, 0); ; tick++, from += StepsABatch)
                {
                    var next = TimeSpan.FromSeconds(tick + ((double)index / Running)) - clock.Elapsed;
                    if (next > TimeSpan.Zero)
                    {
                        await Task.Delay(next, cancellation);
                    }

                    if (clock.Elapsed.TotalSeconds >= WarmSeconds + options.Seconds)
                    {
                        return;
                    }

                    var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
                    var counts = clock.Elapsed.TotalSeconds >= WarmSeconds;
                    if (counts)
                    {
                        lock (shipped)
                        {
                            shipped[(run, from + StepsABatch - 1)] = began;
                        }
                    }

                    await Load.ShipAsync(host.Services.GetRequiredService<IBus>(), run, from, StepsABatch, cancellation);
                    lock (stores)
                    {
                        stores.AddRange(!counts ? [] : [DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - began]);
                    }
                }
            }));
            var cores = (product.Server.ProcessorSeconds - before) / clock.Elapsed.TotalSeconds;
            await Task.Delay(3000, cancellation);
            var lags = new Dictionary<string, List<double>>();
            foreach (var (name, page) in pages)
            {
                foreach (var seen in await page.EvaluateAsync<double[][]>("window.__seen"))
                {
                    if (shipped.TryGetValue((seen[0] == 0 ? runs[0] : (long)seen[0], (int)seen[1]), out var at))
                    {
                        (lags.TryGetValue(name, out var list) ? list : lags[name] = []).Add(seen[2] - at);
                    }
                }
            }

            yield return new Row("journal stored, PostgreSQL", Text($"p50 {Percentile(stores, 0.5):0} ms"), Text($"slowest {stores.Max():0} ms"), Text($"p95 {Percentile(stores, 0.95):0} ms"), "told, not promised");
            foreach (var name in pages.Select(page => page.Name).Distinct())
            {
                var list = lags.GetValueOrDefault(name) ?? [];
                yield return new Row(Text($"lag of {name}, PostgreSQL"), Text($"p50 {Percentile(list, 0.5):0} ms"), Text($"{list.Count} steps seen, slowest {(list.Count == 0 ? double.NaN : list.Max()):0} ms"), Text($"p95 {Percentile(list, 0.95):0} ms"), "p95 ≤ 2 s");
            }

            await database.WriteAsync(context => Sql.ExecuteAsync(context, "DELETE FROM sweeps WHERE id = @sweep", cancellation, ("@sweep", sweep)), cancellation);
            yield return new Row("server, PostgreSQL", Text($"{cores:0.00} cores"), Text($"{idle:0.00} cores while nothing ships"), Text($"{product.Server.Megabytes:0} MiB"), "told, not promised");
        }
    }

    /// <summary>Five browsers on each of five pages, side by side; the first of each is painted.</summary>
    private static async Task<IReadOnlyList<(string Name, IPage Page)>> OpenAsync(Chromium chromium, IReadOnlyList<long> runs, long sweep)
    {
        var compared = string.Join(',', runs.Take(8));
        (string Name, Func<int, string> Address)[] kinds =
        [
            ("home", _ => "/"), ("runs", _ => "/runs?state=running&sort=name"), ("a sweep", _ => Text($"/sweeps/{sweep}")), ("a run", index => Text($"/runs/{runs[index]}")), ("comparison of 8", _ => $"/compare?runs={compared}"),
        ];
        var pages = new List<(string, IPage)>();
        for (var index = 0; index < Browsers; index++)
        {
            var (name, address) = kinds[index % kinds.Length];
            var page = await chromium.VisitAsync(still: true);
            await page.AddInitScriptAsync(Watch);
            if (index >= kinds.Length)
            {
                // Painting is the work of each visitor's own machine; here it would be that of the server's processors.
                await page.AddInitScriptAsync(Unseen);
            }

            await page.GotoAsync(address(index / kinds.Length));
            await page.Locator("main h1").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            pages.Add((name, page));
        }

        await pages[^1].Item2.WaitForTimeoutAsync(3000);
        return pages;
    }

    private static async Task<double> SpentAsync(DashboardProcess server, TimeSpan time, CancellationToken cancellation)
    {
        var before = server.ProcessorSeconds;
        await Task.Delay(time, cancellation);
        return (server.ProcessorSeconds - before) / time.TotalSeconds;
    }

    /// <summary>What workers have of the product: the broker; and the database, for runs that nobody really trains.</summary>
    private static IHost Workers(FilledProduct product)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPostgreSqlDatabase(product.Connection!);
        builder.Services.AddSingleton<TrackingDatabase>();
        builder.Services.AddBus(new BusOptions { Json = ContractJson.Options, Transport = BusTransport.RabbitMq, Broker = product.Broker!.Address, User = RabbitMqServer.User, Password = RabbitMqServer.Password }, _ => { });
        return builder.Build();
    }
}
