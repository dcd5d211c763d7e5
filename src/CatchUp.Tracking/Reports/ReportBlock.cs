using System.Text.Json.Serialization;

namespace CatchUp.Tracking.Reports;

/// <summary>What a block asks for.</summary>
public sealed record ReportBlock
{
    public const int MostRuns = 50, MostMatrixRuns = 16, MostTableRuns = 500, MostNfes = 8, MostColumns = 30;

    public required ReportBlockKind Kind { get; init; }

    public string? Title { get; init; }

    /// <summary>The runs by id, in this order; empty when a filter says which.</summary>
    public IReadOnlyList<long> Runs { get; init; } = [];

    /// <summary>In the language of lists.</summary>
    public string? Filter { get; init; }

    /// <summary>Runs that a filter gives, at most.</summary>
    public int? Limit { get; init; }

    /// <summary>Of a chart: a metric's name, or over NFE that of a number about images.</summary>
    public string? Metric { get; init; }

    public ReportAxis Over { get; init; }

    /// <summary>Part of the curve.</summary>
    public long? From { get; init; }

    public long? To { get; init; }

    public bool Log { get; init; }

    /// <summary>Window of the moving average in points; 0 draws the values as they are.</summary>
    public int Smoothing { get; init; }

    public string? Solver { get; init; }

    public int? Head { get; init; }

    /// <summary>Columns of a matrix; empty: all there are.</summary>
    public IReadOnlyList<int> Nfe { get; init; } = [];

    /// <summary>Of a matrix: the last samples at or before it; null: the last ones.</summary>
    public int? Step { get; init; }

    /// <summary>Screen pixels per image pixel.</summary>
    public int Zoom { get; init; } = 1;

    /// <summary>Of a table: terms.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Of a table: a term, with - before it from the largest down.</summary>
    public string? Sort { get; init; }

    /// <summary>Hash of the data that the block shows for good; null: it is live.</summary>
    public string? Frozen { get; init; }

    [JsonIgnore]
    public int Most => Math.Min(Limit ?? int.MaxValue, Kind switch { ReportBlockKind.Table => MostTableRuns, ReportBlockKind.Matrix => MostMatrixRuns, _ => MostRuns });

    /// <summary>What decides about its data: all but its title, its state and its size on the screen.</summary>
    [JsonIgnore]
    public ReportBlock Definition => this with { Title = null, Frozen = null, Zoom = 1 };
}
