namespace CatchUp.Search.Constraints;

/// <summary>A function of numbers that constraints may use. There are no others.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Compute">What it is.</param>
internal sealed record Function(string Name, int Least, int Most, Func<double[], double> Compute)
{
    public static IReadOnlyDictionary<string, Function> All { get; } = new Function[]
    {
        new("min", 1, 16, numbers => numbers.Min()),
        new("max", 1, 16, numbers => numbers.Max()),
        new("abs", 1, 1, numbers => Math.Abs(numbers[0])),
        new("log2", 1, 1, numbers => Math.Log2(numbers[0])),
        new("log10", 1, 1, numbers => Math.Log10(numbers[0])),
        new("ln", 1, 1, numbers => Math.Log(numbers[0])),
        new("exp", 1, 1, numbers => Math.Exp(numbers[0])),
        new("sqrt", 1, 1, numbers => Math.Sqrt(numbers[0])),
        new("pow", 2, 2, numbers => Math.Pow(numbers[0], numbers[1])),
        new("floor", 1, 1, numbers => Math.Floor(numbers[0])),
        new("ceil", 1, 1, numbers => Math.Ceiling(numbers[0])),
        new("round", 1, 1, numbers => Math.Round(numbers[0], MidpointRounding.AwayFromZero)),
    }.ToDictionary(function => function.Name);
}
