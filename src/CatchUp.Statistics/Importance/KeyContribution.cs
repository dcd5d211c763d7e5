namespace CatchUp.Statistics.Importance;

/// <summary>A key's part in a difference, in the metric's unit and with its sign.</summary>
public sealed record KeyContribution(string Key, FeatureValue From, FeatureValue To, double Contribution);
