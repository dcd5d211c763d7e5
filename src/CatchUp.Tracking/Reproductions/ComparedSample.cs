namespace CatchUp.Tracking.Reproductions;

/// <param name="Original">Id of the original's grid.</param>
/// <param name="Reproduction">Id of the reproduction's grid.</param>
/// <param name="MeanAbsolute">Mean distance of two pixels' channels, of 255.</param>
/// <param name="EqualShare">Share of pixels that are equal, 0 to 1.</param>
public sealed record ComparedSample(int Step, string Solver, int Nfe, int Head, int NoiseBank, long Original, long Reproduction, double MeanAbsolute, double EqualShare);
