namespace CatchUp.Dashboard.Charts;

/// <summary>A value at a number of network evaluations; the bounds are null where no interval was made.</summary>
public sealed record FidPoint(int Nfe, double Value, double? Low, double? High, int Step);
