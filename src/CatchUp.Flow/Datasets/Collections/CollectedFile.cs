namespace CatchUp.Flow.Datasets.Collections;

/// <summary>A file of a collection.</summary>
/// <param name="Name">Its path inside the collection, with slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Stamp">Changes when its content does: its time of writing, or its checksum in an archive.</param>
internal sealed record CollectedFile(string Name, long Bytes, string Stamp);
