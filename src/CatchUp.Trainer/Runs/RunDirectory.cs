using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Runs;

/// <summary>The folder of one attempt: lock, journal.ndjson, samples/, checkpoints/. Whoever holds the lock is the one trainer in it.</summary>
internal sealed class RunDirectory : IDisposable
{
    private readonly FileStream holder;

    private RunDirectory(string path, FileStream holder) => (Path, this.holder) = (path, holder);

    public string Path { get; }

    public string JournalPath => System.IO.Path.Combine(Path, "journal.ndjson");

    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <exception cref="BadInputException">Another trainer works there, or the folder cannot be written.</exception>
    public static RunDirectory Open(string path)
    {
        try
        {
            var full = Directory.CreateDirectory(path).FullName;
            Directory.CreateDirectory(System.IO.Path.Combine(full, "samples"));
            Directory.CreateDirectory(System.IO.Path.Combine(full, "checkpoints"));
            return new RunDirectory(full, Hold(full));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The run directory {path} cannot be used: {error.Message}");
        }
    }

    /// <summary>Writes a file whole or not at all, and returns its path relative to the run directory.</summary>
    public string WriteFile(string relativePath, byte[] content)
    {
        var target = System.IO.Path.Combine(Path, relativePath);
        File.WriteAllBytes(target + ".tmp", content);
        File.Move(target + ".tmp", target, overwrite: true);
        return relativePath;
    }

    public void Dispose() => holder.Dispose();

    private static FileStream Hold(string folder)
    {
        try
        {
            // The operating system lets go of the lock when this process ends, however it ends.
            return new FileStream(System.IO.Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BadInputException($"Another trainer is working in {folder}. Wait until it ends, or choose another folder with --out.");
        }
    }
}
