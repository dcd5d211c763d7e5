using CatchUp.Flow.Downloads;

namespace CatchUp.Flow.Datasets;

/// <summary>Where a data set can be had.</summary>
/// <param name="Name">The data set's name, and that of its folder in the data folder.</param>
/// <param name="Files">What it takes.</param>
public sealed record DatasetSource(string Name, IReadOnlyList<DatasetSource.SourceFile> Files)
{
    /// <param name="Name">Its name in the data set's folder, and on a mirror.</param>
    /// <param name="Remote">Where it was published.</param>
    public sealed record SourceFile(string Name, RemoteFile Remote)
    {
        /// <summary>What is taken out of a .tar.gz, which is then deleted. Empty: the file is kept as it is.</summary>
        public IReadOnlyList<ArchiveMember> Members { get; init; } = [];
    }

    /// <param name="Name">Its file name, in whatever folder of the archive.</param>
    /// <param name="Bytes">Its length.</param>
    public sealed record ArchiveMember(string Name, long Bytes);
}
