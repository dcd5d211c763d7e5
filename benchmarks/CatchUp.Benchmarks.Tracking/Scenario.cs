using System.Globalization;
using System.Reflection;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>Something about speed that is claimed, and how it is measured.</summary>
internal abstract class Scenario
{
    /// <summary>What the command line and the document call it.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the usage.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures, and yields the table's lines as they are known.</summary>
    public abstract IAsyncEnumerable<Row> MeasureAsync(Options options, CancellationToken cancellation);

    /// <summary>How it was measured, for under the table.</summary>
    public virtual string Circumstances(Options options) => Text($"{options.Seconds} s of load");

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Path.GetFullPath(typeof(Scenario).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryPath").Value!);

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    protected static string Word(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? "SQLite" : "PostgreSQL";

    /// <summary>The value that a share of all is not above.</summary>
    protected static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
