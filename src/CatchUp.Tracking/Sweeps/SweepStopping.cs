namespace CatchUp.Tracking.Sweeps;

/// <summary>What a sweep file says of stopping early.</summary>
/// <param name="Brackets">Hyperband's: some trials skip the lower rungs.</param>
/// <param name="Resource">A ladder's name.</param>
/// <param name="First">Steps of the first rung; null: the first evaluation.</param>
/// <param name="Least">Null: the reduction, rounded up.</param>
/// <param name="Spared">Null: the usual share.</param>
internal sealed record SweepStopping(bool Brackets, string Resource, double Reduction, int? First, int? Least, bool Waits, double? Spared);
