namespace CatchUp.Dashboard.Sweeps;

/// <summary>An experiment that ships with the product: a sweep file to start from.</summary>
/// <param name="Id">Its file's name without the ending.</param>
/// <param name="Purpose">What it is for: the comment at its head.</param>
/// <param name="Document">The file.</param>
public sealed record ReadySweep(string Id, string Name, string Purpose, string Preset, int Runs, string Document);
