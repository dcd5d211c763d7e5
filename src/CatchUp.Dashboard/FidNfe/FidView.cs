using System.Globalization;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>How numbers of images are looked at; each part is a parameter of the address.</summary>
/// <param name="Choice">"checkpoints=best".</param>
/// <param name="Protocol">"protocol=fid.0123…"; null: the most used one.</param>
/// <param name="Sampler">"sampler=euler-1"; null: all.</param>
/// <param name="Log">"scale=log".</param>
/// <param name="At">"atNfe=4": the NFE of tables.</param>
/// <param name="Teachers">"teachers=1": a run costs what it started from as well.</param>
/// <param name="Below">"below=20": the number whose time is asked for.</param>
public sealed record FidView(
    CheckpointChoice Choice = CheckpointChoice.Last, string? Protocol = null, string? Sampler = null, bool Log = false, int? At = null, bool Teachers = false, double? Below = null)
{
    private const int LongestValue = 200;

    public static FidView Usual { get; } = new();

    /// <summary>What cannot be read is as at first, for addresses are typed by people.</summary>
    public static FidView Parse(string uri)
    {
        var query = new AddressQuery(uri);
        string? Value(string key) => query.Value(key) is { Length: <= LongestValue } value ? value : null;
        return new(
            Value("checkpoints") == "best" ? CheckpointChoice.BestPerNfe : CheckpointChoice.Last,
            Value("protocol"),
            Value("sampler"),
            Value("scale") == "log",
            query.Number("atNfe") is > 0 and var nfe ? nfe : null,
            Value("teachers") == "1",
            double.TryParse(Value("below"), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);
    }

    /// <summary>The parameters, null where they need not be said.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["checkpoints"] = Choice == CheckpointChoice.BestPerNfe ? "best" : null,
        ["protocol"] = Protocol,
        ["sampler"] = Sampler,
        ["scale"] = Log ? "log" : null,
        ["atNfe"] = At?.ToString(CultureInfo.InvariantCulture),
        ["teachers"] = Teachers ? "1" : null,
        ["below"] = Below?.ToString("R", CultureInfo.InvariantCulture),
    };
}
