using System.Globalization;
using CatchUp.Contracts;
using CatchUp.Contracts.Workers;
using CatchUp.Hosting.Bus;

namespace CatchUp.Worker.Startup;

/// <summary>What the environment tells a worker that is a program of its own.</summary>
internal sealed record WorkerSettings
{
    public const int MostSlots = 64;

    /// <summary>The dashboard, for artifacts.</summary>
    public required Uri Server { get; init; }

    public required BusOptions Broker { get; init; }

    /// <summary>Shown to the server for artifacts.</summary>
    public required string Token { get; init; }

    public required string Name { get; init; }

    public required string Home { get; init; }

    public required string Trainer { get; init; }

    /// <summary>One for each slot.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    public string DeviceNames => string.Join(", ", Devices.Distinct());

    public IReadOnlyList<string> Labels { get; init; } = [];

    public int ThreadsPerSlot { get; init; }

    public string? Data { get; init; }

    public bool Download { get; init; }

    public string? Extractors { get; init; }

    /// <param name="variable">Gives a variable of the environment.</param>
    /// <param name="problems">All that is missing or wrong, a sentence each that names the variable and the fix.</param>
    /// <returns>Null when there are problems.</returns>
    public static WorkerSettings? Read(Func<string, string?> variable, out IReadOnlyList<string> problems)
    {
        var reader = new Reader(variable);
        var settings = new WorkerSettings
        {
            Server = reader.Server(),
            Broker = reader.Broker(),
            Token = reader.Needed("CATCHUP_WORKER_TOKEN", "a token made on the dashboard's Workers page"),
            Name = reader.Name(),
            Home = reader.Home(),
            Trainer = reader.Trainer(),
            Devices = reader.Devices(),
            Labels = reader.Labels(),
            ThreadsPerSlot = reader.Number("CATCHUP_THREADS_PER_SLOT", 1, 1024) ?? 0,
            Data = reader.Text("CATCHUP_DATA"),
            Download = reader.Download(),
            Extractors = reader.Text("CATCHUP_EXTRACTORS"),
        };
        problems = reader.Problems;
        return problems.Count == 0 ? settings : null;
    }

    public void Apply(WorkerOptions options)
    {
        options.Name = Name;
        options.Directory = Path.Combine(Home, "attempts");
        options.Trainer = Trainer;
        options.Devices = Devices;
        options.Slots = Devices.Count;
        options.Labels = Labels;
        options.ThreadsPerSlot = ThreadsPerSlot;
        options.DataDirectory = Data;
        options.DownloadDatasets = Download;
        options.ExtractorDirectory = Extractors;
        options.TokenFingerprint = WorkerTokenHash.Fingerprint(Token);

        // The service manager gives a worker more time than a person at a terminal gives the whole product.
        options.StopGrace = TimeSpan.FromSeconds(5);
    }

    private sealed class Reader(Func<string, string?> variable)
    {
        private static readonly Uri None = new("none:");

        private readonly List<string> problems = [];

        public IReadOnlyList<string> Problems => problems;

        public string? Text(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;

        public string Needed(string name, string what)
        {
            if (Text(name) is { } text)
            {
                return text;
            }

            problems.Add($"{name} is not set. It is {what}.");
            return "";
        }

        public BusOptions Broker() => BrokerVariables.Read(variable, ContractJson.Options, problems) ?? new BusOptions { Json = ContractJson.Options };

        public Uri Server()
        {
            const string What = "the dashboard's address, as in https://catchup.example.org";
            if (Needed("CATCHUP_SERVER", What) is not { Length: > 0 } text)
            {
                return None;
            }

            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            {
                problems.Add($"CATCHUP_SERVER is no web address. It is {What}.");
                return None;
            }

            if (address.UserInfo.Length > 0)
            {
                problems.Add("CATCHUP_SERVER holds a user or a password. Leave them out: the worker shows CATCHUP_WORKER_TOKEN.");
                return None;
            }

            return address;
        }

        public int? Number(string name, int least, int most)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            problems.Add($"{name} is a whole number between {least} and {most}; '{text}' is not.");
            return null;
        }

        public string Name()
        {
            var name = Text("CATCHUP_WORKER_NAME") ?? Environment.MachineName;
            if (name.Length > 200 || name.Any(char.IsControl))
            {
                problems.Add("CATCHUP_WORKER_NAME has at most 200 characters, and no control characters.");
            }

            return name;
        }

        public string Home()
        {
            if (Text("CATCHUP_HOME") is { } named)
            {
                return Path.GetFullPath(named);
            }

            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            if (data.Length > 0)
            {
                return Path.Combine(data, "catchup-worker");
            }

            problems.Add("CATCHUP_HOME is not set, and this account has no folder for application data. It is the folder where attempts are kept.");
            return "";
        }

        public string Trainer()
        {
            var trainer = Needed("CATCHUP_TRAINER", "the trainer's program, catchup-trainer or CatchUp.Trainer.dll");
            if (trainer.Length > 0 && !File.Exists(trainer))
            {
                problems.Add($"CATCHUP_TRAINER: {trainer} is not there.");
            }

            return trainer.Length > 0 ? Path.GetFullPath(trainer) : trainer;
        }

        /// <summary>A card is one slot; the processor has as many as wanted.</summary>
        public List<string> Devices()
        {
            var slots = Number("CATCHUP_SLOTS", 1, MostSlots);
            var devices = List("CATCHUP_DEVICES");
            if (devices.Count == 0)
            {
                devices = ["cpu"];
            }

            if (devices.Find(device => device != "cpu" && !IsCard(device)) is { } unknown)
            {
                problems.Add($"CATCHUP_DEVICES: '{unknown}' is neither cpu nor a card such as cuda:0.");
            }

            if (devices.Where(device => device != "cpu").GroupBy(device => device).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                problems.Add($"CATCHUP_DEVICES names {twice.Key} twice. A card is one slot: its memory is not shared.");
            }

            if (devices is ["cpu"] && slots is { } wanted)
            {
                return [.. Enumerable.Repeat("cpu", wanted)];
            }

            if (slots is { } count && count != devices.Count)
            {
                problems.Add($"CATCHUP_SLOTS is {count} and CATCHUP_DEVICES names {devices.Count}. Every device is one slot: leave CATCHUP_SLOTS out, or name cpu alone.");
            }

            if (devices.Count > MostSlots)
            {
                problems.Add($"CATCHUP_DEVICES names {devices.Count} devices; a worker has at most {MostSlots} slots.");
            }

            return devices;
        }

        public IReadOnlyList<string> Labels()
        {
            var labels = List("CATCHUP_WORKER_LABELS");
            if (labels.Find(label => label.Length > 50 || !label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')) is { } bad)
            {
                problems.Add($"CATCHUP_WORKER_LABELS: '{bad}' is no label. A label has up to 50 letters, digits, dots, hyphens and underscores; labels are separated by commas.");
            }

            return [.. labels.Distinct(StringComparer.Ordinal)];
        }

        public bool Download()
        {
            var download = Text("CATCHUP_DOWNLOAD");
            if (download is not (null or "0" or "1"))
            {
                problems.Add($"CATCHUP_DOWNLOAD is 1 or 0, not '{download}'.");
            }
            else if (download == "1" && Text("CATCHUP_DATA") is null)
            {
                problems.Add("CATCHUP_DOWNLOAD=1 needs CATCHUP_DATA, the folder to fetch data sets into.");
            }

            return download == "1";
        }

        private List<string> List(string name) => [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

        private static bool IsCard(string device) =>
            device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 64;
    }
}
