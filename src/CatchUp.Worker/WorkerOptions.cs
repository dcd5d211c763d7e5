namespace CatchUp.Worker;

public sealed class WorkerOptions
{
    /// <summary>The worker's name, for people; the same after a restart.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Runs at the same time.</summary>
    public int Slots { get; set; } = 1;

    /// <summary>Where attempts keep their run directories until everything in them is stored. Used by one worker only.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The trainer: an executable, or a .dll to be run by this process's own .NET.</summary>
    public string Trainer { get; set; } = "";

    /// <summary>cpu or cuda:i, one for each slot; the last one is also that of the slots behind it.</summary>
    public IReadOnlyList<string> Devices { get; set; } = ["cpu"];

    /// <summary>Fingerprint of the token that this worker shows for artifacts; null inside the server, which needs none.</summary>
    public string? TokenFingerprint { get; set; }

    /// <summary>Computing threads of a trainer; 0 shares the machine's among the slots.</summary>
    public int ThreadsPerSlot { get; set; }

    /// <summary>Computing threads of a trainer, as they come out.</summary>
    public int Threads => ThreadsPerSlot > 0 ? ThreadsPerSlot : Math.Max(1, Environment.ProcessorCount / Math.Max(1, Slots));

    /// <summary>Folder of the data sets that ship with the product; null: beside the trainer.</summary>
    public string? ShippedDatasets { get; set; }

    /// <summary>The user's own data folder, what <c>CATCHUP_DATA</c> names.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Whether a trainer may fetch a public data set that is not here when a run needs it; what <c>CATCHUP_DOWNLOAD</c> says. It needs a data directory.</summary>
    public bool DownloadDatasets { get; set; }

    /// <summary>The user's own feature extractors, what <c>CATCHUP_EXTRACTORS</c> names; null: where a trainer looks by itself.</summary>
    public string? ExtractorDirectory { get; set; }

    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>A free slot asks this often, beside being woken.</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two measurements of the machine.</summary>
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at a journal that did not grow.</summary>
    public TimeSpan JournalInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long an answer may take before the request is repeated.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two tries of something that fails.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A cancelled trainer is killed after this time: one long step cannot be interrupted.</summary>
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When the worker itself stops: how long trainers may take to leave, and then how long the last entries may take to be stored.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(1.5);

    public string DeviceOf(int slot) => Devices[Math.Min(slot, Devices.Count - 1)];
}
