namespace CatchUp.Dashboard.FidNfe;

/// <summary>A number from a paper, with all that decides what it may be compared with.</summary>
/// <param name="Dataset">As specifications call it.</param>
/// <param name="Method">What was done, in the paper's words made short.</param>
/// <param name="Source">Where it was published.</param>
public sealed record PublishedResult(string Dataset, string Method, int Nfe, string Metric, double Value, string Extractor, int Samples, string Source);
