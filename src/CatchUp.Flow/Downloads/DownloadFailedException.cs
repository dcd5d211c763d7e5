namespace CatchUp.Flow.Downloads;

/// <summary>A file could not be fetched. The message says from where, why, and what to do.</summary>
public sealed class DownloadFailedException(string message, Exception? inner = null) : Exception(message, inner);
