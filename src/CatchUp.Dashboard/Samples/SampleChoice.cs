using System.Globalization;

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
    public static SampleChoice From(string? step, string? nfe, string? head, string? solver, string? zoom) =>
        new(Number(step), Number(nfe), Number(head), string.IsNullOrEmpty(solver) ? null : solver, Math.Clamp(Number(zoom) ?? DefaultZoom, 1, MaximumZoom));

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
