namespace CatchUp.Flow.Downloads;

/// <param name="Name">The file's name.</param>
/// <param name="Bytes">How much of it is here.</param>
/// <param name="Total">Its length, once the server has said it.</param>
public sealed record DownloadProgress(string Name, long Bytes, long? Total);
