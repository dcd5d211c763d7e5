using CatchUp.Benchmarks;
using CatchUp.Benchmarks.Scenarios;

Scenario[] scenarios =
[
    new TrainingStep(), new CatchUpForms(), new SamplingSpeed(), new FrechetDistance(), new FeatureSpeed(), new Memory(), new StartUp(), new Checkpoints(),
    new ManagedOverhead(),
];

try
{
    var options = BenchmarkOptions.Read(args);
    var unknown = options.Scenarios.Except(scenarios.Select(scenario => scenario.Name)).ToList();
    if (unknown.Count > 0)
    {
        throw new BenchmarkException($"There is no scenario {string.Join(", ", unknown)}.");
    }

    using var bench = new Bench(options);
    foreach (var scenario in scenarios.Where(scenario => options.Scenarios.Count == 0 || options.Scenarios.Contains(scenario.Name)))
    {
        var caption = Machine.Describe(FormattableString.Invariant($"{options.Threads} threads, {options.Rounds} rounds"), Bench.Repository);
        Console.WriteLine($"{scenario.Name}: {scenario.Summary}\n\n{Row.Header}");
        var rows = new List<Row>();
        foreach (var row in scenario.Measure(bench))
        {
            Console.WriteLine(row);
            rows.Add(row);
        }

        Console.WriteLine($"\n{caption}\n");
        if (options.Document is { } document)
        {
            File.WriteAllText(document, PerformanceDocument.Replace(File.ReadAllText(document), scenario.Name, rows, caption));
        }
    }

    return 0;
}
catch (BenchmarkException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{BenchmarkOptions.Usage}\n{string.Join('\n', scenarios.Select(scenario => $"  {scenario.Name,-18}{scenario.Summary}"))}");
    return 2;
}
