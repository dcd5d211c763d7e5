using System.Globalization;

namespace CatchUp.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        dotnet run -c Release --project benchmarks/CatchUp.Benchmarks -- [SCENARIO …] [options]

          --rounds 9                  rounds of each side, after two that are not counted
          --threads N                 CPU threads of each side; all cores when not given
          --presets a,b               networks to compare with; fashion-tiny,mnist when not given
          --updates 2000              updates that memory is watched for
          --python /usr/bin/python3   Python with PyTorch and SciPy
          --write docs/performance.md puts the tables into the document's sections, instead of only printing them

        Scenarios, all when none is named:
        """;

    public IReadOnlyList<string> Scenarios { get; private init; } = [];

    public int Rounds { get; private init; } = 9;

    public int Threads { get; private init; } = Environment.ProcessorCount;

    public IReadOnlyList<string> Presets { get; private init; } = ["fashion-tiny", "mnist"];

    public int Updates { get; private init; } = 2000;

    public string Python { get; private init; } = "/usr/bin/python3";

    public string? Document { get; private init; }

    /// <exception cref="BenchmarkException">Something is not understood.</exception>
    public static BenchmarkOptions Read(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        var scenarios = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                scenarios.Add(argument);
                continue;
            }

            var value = ++i < arguments.Count ? arguments[i] : throw new BenchmarkException($"{argument} needs a value.");
            options = argument switch
            {
                "--rounds" => options with { Rounds = Number(argument, value) },
                "--threads" => options with { Threads = Number(argument, value) },
                "--presets" => options with { Presets = value.Split(',') },
                "--updates" => options with { Updates = Number(argument, value) },
                "--python" => options with { Python = value },
                "--write" => options with { Document = Path.GetFullPath(value) },
                _ => throw new BenchmarkException($"Unknown option {argument}."),
            };
        }

        return options with { Scenarios = scenarios };
    }

    private static int Number(string name, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new BenchmarkException($"{name} is '{value}'; it must be a whole number from 1.");
}
