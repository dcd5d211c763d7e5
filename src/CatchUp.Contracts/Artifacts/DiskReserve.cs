namespace CatchUp.Contracts.Artifacts;

/// <summary>
/// Room that checkpoints and artifacts leave on a disk. A database on the same disk needs it to record that the disk is full:
/// without it a run would stay <c>running</c> until somebody frees space.
/// </summary>
public static class DiskReserve
{
    public const long Bytes = 64 << 20;

    private const int NoSpaceLeft = 28; // ENOSPC

    /// <summary>To be called before a file of weights is written under <paramref name="folder"/>.</summary>
    /// <exception cref="IOException">Less than the reserve would be left; its HResult is that of a full disk.</exception>
    public static void Keep(string folder, long bytes = 0)
    {
        if (new DriveInfo(folder).AvailableFreeSpace - bytes < Bytes)
        {
            throw new IOException($"The disk of {folder} is full but for the {Bytes >> 20} MiB that are kept for the database.", NoSpaceLeft);
        }
    }
}
