using System.Globalization;

namespace CatchUp.Benchmarks.Scenarios;

/// <summary>Something about speed that is claimed, and how it is measured.</summary>
internal abstract class Scenario
{
    /// <summary>What the command line and the document call it.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the usage.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures, and yields the table's lines as they are known.</summary>
    public abstract IEnumerable<Row> Measure(Bench bench);

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    protected static string Milliseconds(double seconds) => Text($"{seconds * 1000:0.0} ms");

    /// <summary>A ratio of speeds with the range over pairs of rounds.</summary>
    protected static string Speed(Duel duel)
    {
        var (low, high) = duel.SpeedRange;
        return Text($"{duel.Speed:0.00} × ({low:0.00} to {high:0.00})");
    }

    /// <summary>The arguments by which PyTorch's side gets the images' shape from ours.</summary>
    protected static IEnumerable<string> Shape(Rival ours) =>
    [
        "--channels", Text($"{ours.Facts.GetProperty("channels").GetDouble()}"),
        "--size", Text($"{ours.Facts.GetProperty("size").GetDouble()}"),
    ];
}
