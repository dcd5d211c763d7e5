namespace CatchUp.Flow.Datasets;

/// <summary>A data set is not there or is not what it should be. The message says where was looked and how to get it.</summary>
public sealed class DatasetUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
