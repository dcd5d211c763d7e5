using System.Runtime.Versioning;
using CatchUp.Benchmarks;
using CatchUp.Benchmarks.Tracking;
using CatchUp.Benchmarks.Tracking.Scenarios;

[assembly: SupportedOSPlatform("linux")]

Scenario[] scenarios = [new Ingest(), new Fleet(), new Claim(), new Zoom(), new Grow(), new Flat(), new Search(), new Browser(), new Live()];

try
{
    var options = Options.Read(args);
    if (options.Words is ["fill", var target])
    {
        await BulkFill.FillAsync(target, options, CancellationToken.None);
        return 0;
    }

    var unknown = options.Words.Except(scenarios.Select(scenario => scenario.Name)).ToList();
    if (unknown.Count > 0)
    {
        throw new BenchmarkException($"There is no scenario {string.Join(", ", unknown)}.");
    }

    foreach (var scenario in scenarios.Where(scenario => options.Words.Count == 0 || options.Words.Contains(scenario.Name)))
    {
        var caption = Machine.Describe(scenario.Circumstances(options), Scenario.Repository);
        Console.WriteLine($"{scenario.Name}: {scenario.Summary}\n\n{Row.Header}");
        var rows = new List<Row>();
        await foreach (var row in scenario.MeasureAsync(options, CancellationToken.None))
        {
            Console.WriteLine(row);
            rows.Add(row);
        }

        Console.WriteLine($"\n{caption}\n");
        if (options.Document is { } document)
        {
            await File.WriteAllTextAsync(document, PerformanceDocument.Replace(await File.ReadAllTextAsync(document), scenario.Name, rows, caption));
        }
    }

    return 0;
}
catch (BenchmarkException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{Options.Usage}\n{string.Join('\n', scenarios.Select(scenario => $"  {scenario.Name,-18}{scenario.Summary}"))}");
    return 2;
}
