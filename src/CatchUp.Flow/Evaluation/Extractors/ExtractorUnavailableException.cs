namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>A feature extractor is not there, was changed, or does not suit the images. The message says which and what to do.</summary>
public sealed class ExtractorUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
