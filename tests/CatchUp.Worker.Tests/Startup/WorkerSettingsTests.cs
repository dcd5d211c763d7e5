using CatchUp.Contracts.Workers;
using CatchUp.Worker.Startup;

namespace CatchUp.Worker.Tests.Startup;

public sealed class WorkerSettingsTests
{
    private readonly Dictionary<string, string> _environment = new()
    {
        ["CATCHUP_SERVER"] = "https://catchup.example.org",
        ["CATCHUP_BROKER"] = "amqp://broker.example.org:5672/",
        ["CATCHUP_BROKER_USER"] = "catchup",
        ["RABBITMQ_PASSWORD"] = "a password",
        ["CATCHUP_WORKER_TOKEN"] = "a token",
        ["CATCHUP_TRAINER"] = typeof(WorkerSettingsTests).Assembly.Location,
        ["CATCHUP_HOME"] = "/tmp/home",
    };

    [Fact]
    public void Everything_told_is_taken_over()
    {
        Set(
            ("CATCHUP_BROKER_USER", "lab"), ("CATCHUP_WORKER_NAME", "lab-3"), ("CATCHUP_WORKER_LABELS", "big, lab-2,big"), ("CATCHUP_DEVICES", "cuda:0, cuda:1,cpu"),
            ("CATCHUP_THREADS_PER_SLOT", "3"), ("CATCHUP_DATA", "/data"), ("CATCHUP_DOWNLOAD", "1"), ("CATCHUP_EXTRACTORS", "/extractors"));

        var settings = WorkerSettings.Read(Variable, out var problems)!;
        Assert.Empty(problems);
        Assert.Equal(("lab", "a password", "a token"), (settings.Broker.User, settings.Broker.Password, settings.Token));
        var options = new WorkerOptions();
        settings.Apply(options);

        Assert.Equal(("lab-3", 3, 3, "/tmp/home/attempts"), (options.Name, options.Slots, options.ThreadsPerSlot, options.Directory));
        Assert.Equal(["cuda:0", "cuda:1", "cpu"], Enumerable.Range(0, 3).Select(options.DeviceOf));
        Assert.Equal(["big", "lab-2"], options.Labels);
        Assert.Equal(("/data", true, "/extractors"), (options.DataDirectory, options.DownloadDatasets, options.ExtractorDirectory));
        Assert.Equal(WorkerTokenHash.Of("a token")[..16], options.TokenFingerprint);
    }

    [Theory]
    [InlineData(null, null, 1)]
    [InlineData("cpu", "3", 3)]
    [InlineData(null, "4", 4)]
    [InlineData("cuda:1", null, 1)]
    [InlineData("cuda:0,cuda:1", "2", 2)]
    [InlineData("cpu,cpu", null, 2)]
    public void A_card_is_a_slot_and_the_processor_as_many_as_wanted(string? devices, string? slots, int expected)
    {
        Set(("CATCHUP_DEVICES", devices), ("CATCHUP_SLOTS", slots));

        Assert.Equal(expected, WorkerSettings.Read(Variable, out _)!.Devices.Count);
    }

    [Fact]
    public void All_that_is_missing_is_told_at_once_and_by_name()
    {
        _environment.Clear();

        Assert.Null(WorkerSettings.Read(Variable, out var problems));

        string[] needed = ["CATCHUP_SERVER", "CATCHUP_BROKER", "CATCHUP_BROKER_USER", "RABBITMQ_PASSWORD", "CATCHUP_WORKER_TOKEN", "CATCHUP_TRAINER"];
        Assert.Equal(needed.Length, problems.Count);
        Assert.All(needed, name => Assert.Single(problems, problem => problem.StartsWith($"{name} is ", StringComparison.Ordinal) && problem.Contains("not set.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("CATCHUP_SERVER", "catchup.example.org")]
    [InlineData("CATCHUP_SERVER", "ftp://catchup.example.org")]
    [InlineData("CATCHUP_SERVER", "https://user:secret@catchup.example.org")]
    [InlineData("CATCHUP_BROKER", "https://broker.example.org")]
    [InlineData("CATCHUP_BROKER", "amqp://guest:guest@broker.example.org")]
    [InlineData("RABBITMQ_PASSWORD", "  ")]
    [InlineData("CATCHUP_WORKER_NAME", "two\nlines")]
    [InlineData("CATCHUP_TRAINER", "/no/such/program")]
    [InlineData("CATCHUP_SLOTS", "0")]
    [InlineData("CATCHUP_SLOTS", "65")]
    [InlineData("CATCHUP_SLOTS", "two")]
    [InlineData("CATCHUP_DEVICES", "gpu")]
    [InlineData("CATCHUP_DEVICES", "cuda:0,cuda:0")]
    [InlineData("CATCHUP_THREADS_PER_SLOT", "0")]
    [InlineData("CATCHUP_WORKER_LABELS", "fine,not fine")]
    [InlineData("CATCHUP_DOWNLOAD", "yes")]
    [InlineData("CATCHUP_DOWNLOAD", "1")]
    public void What_will_not_do_is_refused_by_name(string name, string value)
    {
        Set((name, value));

        Assert.Null(WorkerSettings.Read(Variable, out var problems));
        Assert.Contains(name, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_never_repeats_a_secret()
    {
        Set(("CATCHUP_SERVER", "https://user:secret@catchup.example.org"), ("CATCHUP_BROKER", "amqp://guest:secret@broker"));

        WorkerSettings.Read(Variable, out var problems);

        Assert.Equal(2, problems.Count);
        Assert.DoesNotContain(problems, problem => problem.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Slots_that_disagree_with_the_devices_are_refused()
    {
        Set(("CATCHUP_DEVICES", "cuda:0,cuda:1"), ("CATCHUP_SLOTS", "3"));

        Assert.Null(WorkerSettings.Read(Variable, out var problems));
        Assert.Contains("CATCHUP_SLOTS is 3 and CATCHUP_DEVICES names 2.", Assert.Single(problems), StringComparison.Ordinal);
    }

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private void Set(params (string Name, string? Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            if (value is not null)
            {
                _environment[name] = value;
            }
        }
    }
}
