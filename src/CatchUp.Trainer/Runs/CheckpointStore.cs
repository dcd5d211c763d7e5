using System.Globalization;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Flow.Training;

namespace CatchUp.Trainer.Runs;

/// <summary>
/// The weight files of a run directory: the last few checkpoints and snapshots and the best of each are kept, the others removed.
/// Every file and every removal is journalled.
/// </summary>
internal sealed class CheckpointStore
{
    private readonly RunDirectory directory;
    private readonly JournalWriter journal;
    private readonly int keep;
    private readonly List<(CheckpointKind Type, int Step, WeightFile File)> files = [];
    private (int Step, double Value)? best;

    public CheckpointStore(RunDirectory directory, JournalWriter journal, int keep)
    {
        (this.directory, this.journal, this.keep) = (directory, journal, keep);
        foreach (var torn in Directory.EnumerateFiles(directory.CheckpointFolder, "*.tmp"))
        {
            File.Delete(torn);
        }

        // What an earlier trainer wrote into the same directory, by hand with --resume.
        foreach (var saved in journal.Existing.OfType<CheckpointSaved>().DistinctBy(saved => saved.File))
        {
            var path = Path.Combine(directory.Path, saved.File);
            if (File.Exists(path))
            {
                files.Add((saved.Type, saved.Step, new WeightFile(path, saved.Sha256, saved.Bytes, new Dictionary<string, string>())));
            }
        }
    }

    /// <summary>Saves all it takes to resume at the loop's step, unless that is there already.</summary>
    public void SaveCheckpoint(TrainingLoop loop)
    {
        if (!files.Any(file => file.Type == CheckpointKind.Checkpoint && file.Step == loop.Step))
        {
            DiskReserve.Keep(directory.CheckpointFolder);
            Keep(CheckpointKind.Checkpoint, loop.Step, loop.SaveCheckpoint(PathOf(CheckpointKind.Checkpoint, loop.Step)));
        }
    }

    /// <summary>Saves the averaged weights of the loop's step, unless they are there already.</summary>
    public WeightFile SaveSnapshot(TrainingLoop loop)
    {
        if (files.FirstOrDefault(file => file.Type == CheckpointKind.Snapshot && file.Step == loop.Step).File is { } saved)
        {
            return saved;
        }

        DiskReserve.Keep(directory.CheckpointFolder);
        var snapshot = loop.SaveSnapshot(PathOf(CheckpointKind.Snapshot, loop.Step));
        Keep(CheckpointKind.Snapshot, loop.Step, snapshot);
        return snapshot;
    }

    /// <summary>Forgets the files of later steps: training has gone back to <paramref name="step"/> and will write them anew.</summary>
    public void Rewind(int step)
    {
        foreach (var later in files.Where(file => file.Step > step).ToList())
        {
            Remove(later);
        }
    }

    /// <summary>Tells the value by which checkpoints are ranked; smaller is better.</summary>
    public void Rank(int step, double value)
    {
        if (best is not { } known || value < known.Value)
        {
            best = (step, value);
        }
    }

    private void Keep(CheckpointKind type, int step, WeightFile file)
    {
        files.Add((type, step, file));
        journal.Append(new CheckpointSaved { Type = type, Step = step, File = Path.GetRelativePath(directory.Path, file.Path), Sha256 = file.Sha256, Bytes = file.Bytes });
        foreach (var old in files.Where(other => other.Type == type).OrderByDescending(other => other.Step).Skip(keep).Where(other => other.Step != best?.Step).ToList())
        {
            Remove(old);
        }
    }

    private void Remove((CheckpointKind Type, int Step, WeightFile File) old)
    {
        old.File.Delete();
        files.Remove(old);
        journal.Append(new CheckpointRemoved { Type = old.Type, Step = old.Step, Sha256 = old.File.Sha256 });
    }

    private string PathOf(CheckpointKind type, int step) => Path.Combine(
        directory.CheckpointFolder,
        string.Create(CultureInfo.InvariantCulture, $"{(type == CheckpointKind.Checkpoint ? "checkpoint" : "snapshot")}-{step:00000000}.safetensors"));
}
