using System.Globalization;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Samples;

/// <summary>How a matrix of sample grids is looked at; all of it is in the address. Null leaves it to the matrix.</summary>
public sealed record MatrixChoice
{
    public const int MaximumZoom = 8, DefaultZoom = 2, DefaultBlock = 2, MaximumGain = 16;

    /// <summary>The parameters of the address that are the matrix's.</summary>
    public static IReadOnlyList<string> Names { get; } = ["rows", "columns", "run", "step", "nfe", "head", "solver", "noise", "block", "zoom", "cell", "at", "against", "look", "gain"];

    public MatrixAxis? Rows { get; init; }

    public MatrixAxis? Columns { get; init; }

    public long? Run { get; init; }

    /// <summary>Null: the last one.</summary>
    public int? Step { get; init; }

    /// <summary>Null: the largest.</summary>
    public int? Nfe { get; init; }

    public int? Head { get; init; }

    public string? Solver { get; init; }

    /// <summary>The noise that is shown, or the first of the block.</summary>
    public int Noise { get; init; }

    /// <summary>Images of a grid that are shown, in each direction; 0 for the whole grid.</summary>
    public int Block { get; init; } = DefaultBlock;

    /// <summary>Screen pixels per image pixel.</summary>
    public int Zoom { get; init; } = DefaultZoom;

    /// <summary>Id of the grid that is looked at.</summary>
    public long? Cell { get; init; }

    /// <summary>The noise within that grid; null: the first that is shown.</summary>
    public int? At { get; init; }

    /// <summary>Id of the grid that it is compared with; null: the one beside it.</summary>
    public long? Against { get; init; }

    /// <summary>Null: the large view is closed.</summary>
    public MatrixLook? Look { get; init; }

    /// <summary>By how much a difference is made more visible.</summary>
    public int Gain { get; init; } = 1;

    /// <summary>From the address, where anything may stand.</summary>
    public static MatrixChoice Parse(string uri)
    {
        var query = new AddressQuery(uri);
        return new MatrixChoice
        {
            Rows = Word<MatrixAxis>("rows"),
            Columns = Word<MatrixAxis>("columns"),
            Run = query.Id("run"),
            Step = query.Number("step"),
            Nfe = query.Number("nfe"),
            Head = query.Number("head"),
            Solver = query.Value("solver") is { Length: <= 100 } solver ? solver : null,
            Noise = Math.Clamp(query.Number("noise") ?? 0, 0, 9999),
            Block = Math.Clamp(query.Number("block") ?? DefaultBlock, 0, 20),
            Zoom = Math.Clamp(query.Number("zoom") ?? DefaultZoom, 1, MaximumZoom),
            Cell = query.Id("cell"),
            At = query.Number("at"),
            Against = query.Id("against"),
            Look = Word<MatrixLook>("look"),
            Gain = Math.Clamp(query.Number("gain") ?? 1, 1, MaximumGain),
        };

        T? Word<T>(string name)
            where T : struct, Enum
            => query.Value(name) is { } text && !int.TryParse(text, out _) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
    }

    /// <summary>What the address's parameters say; null leaves a parameter out.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["rows"] = Text(Rows),
        ["columns"] = Text(Columns),
        ["run"] = Text(Run),
        ["step"] = Text(Step),
        ["nfe"] = Text(Nfe),
        ["head"] = Text(Head),
        ["solver"] = Solver,
        ["noise"] = Text<int>(Noise == 0 ? null : Noise),
        ["block"] = Text<int>(Block == DefaultBlock ? null : Block),
        ["zoom"] = Text<int>(Zoom == DefaultZoom ? null : Zoom),
        ["cell"] = Text(Cell),
        ["at"] = Text(At),
        ["against"] = Text(Against),
        ["look"] = Text(Look),
        ["gain"] = Text<int>(Gain == 1 ? null : Gain),
    };

    private static string? Text<T>(T? value)
        where T : struct, IFormattable
        => value is Enum word ? word.ToString().ToLowerInvariant() : value?.ToString(null, CultureInfo.InvariantCulture);
}
