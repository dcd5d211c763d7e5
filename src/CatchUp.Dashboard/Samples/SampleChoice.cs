using System.Globalization;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Samples;

/// <summary>Which sample grid is looked at, and how large; in the address as step, nfe, head, solver and zoom.</summary>
/// <param name="Step">Null: the last one.</param>
/// <param name="Nfe">Null: the largest.</param>
/// <param name="Head">Null: the first.</param>
/// <param name="Solver">Null: the first.</param>
/// <param name="Zoom">Screen pixels per image pixel.</param>
public sealed record SampleChoice(int? Step = null, int? Nfe = null, int? Head = null, string? Solver = null, int Zoom = SampleChoice.DefaultZoom)
{
    public const int DefaultZoom = 2;
    public const int MaximumZoom = 8;

    /// <summary>What the address's parameters say; null leaves a parameter out.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["step"] = Step?.ToString(CultureInfo.InvariantCulture),
        ["nfe"] = Nfe?.ToString(CultureInfo.InvariantCulture),
        ["head"] = Head?.ToString(CultureInfo.InvariantCulture),
        ["solver"] = Solver,
        ["zoom"] = Zoom == DefaultZoom ? null : Zoom.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>From the address, where anything may stand.</summary>
    public static SampleChoice Parse(string uri)
    {
        var query = new AddressQuery(uri);
        return new(query.Number("step"), query.Number("nfe"), query.Number("head"), query.Value("solver"), Math.Clamp(query.Number("zoom") ?? DefaultZoom, 1, MaximumZoom));
    }
}
