using System.Globalization;
using System.Net;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Commands;

public sealed class DatasetCommandTests : IDisposable
{
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private readonly Workbench bench = new();

    [Fact]
    public async Task Specifications_and_the_trainer_know_the_same_data_sets()
    {
        var result = await TrainerProcess.RunAsync("datasets");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            KnownDataset.All.Select(known => string.Create(CultureInfo.InvariantCulture, $"{known.Name}  {known.Side}×{known.Side}×{known.Channels}  {known.Classes} classes")),
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf("classes", StringComparison.Ordinal) + 7)]));
        Assert.Contains("synthetic  28×28×1  3 classes  320 images here", result.Output, StringComparison.Ordinal);
        Assert.Contains("classes  10000 images here", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imagenet64", "docs/data.md")]
    [InlineData("synthetic", "nothing to fetch")]
    [InlineData("folder:mine", "fashion-mnist, mnist, cifar10 can")]
    [InlineData("mnist", "CATCHUP_DATA")]
    public async Task Download_that_cannot_be_says_what_can(string name, string reason)
    {
        var result = await TrainerProcess.RunAsync("download", name);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_from_a_mirror_of_other_files_is_refused_by_their_hash()
    {
        using var mirror = new Mirror(path => path.EndsWith(".gz", StringComparison.Ordinal) ? [1, 2, 3] : null);

        using var trainer = TrainerProcess.Start(new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address }, "download", "mnist", "--to", bench.Folder);
        var result = await trainer.ExitAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("SHA-256", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["/mnist/train-images-idx3-ubyte.gz"], mirror.Asked);
        Assert.Empty(Directory.GetFiles(bench.Path("mnist")));
    }

    [Fact]
    public async Task Download_from_a_mirror_without_the_file_says_404()
    {
        using var mirror = new Mirror(_ => null);

        using var trainer = TrainerProcess.Start(new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address + "sub/", ["CATCHUP_DATA"] = bench.Folder }, "download", "cifar10");
        var result = await trainer.ExitAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("404", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["/sub/cifar10/cifar-10-binary.tar.gz"], mirror.Asked);
    }

    [Fact]
    public async Task Mirror_that_is_no_address_is_refused()
    {
        using var trainer = TrainerProcess.Start(new Dictionary<string, string> { ["CATCHUP_MIRROR"] = "file:///etc" }, "download", "mnist", "--to", bench.Folder);

        Assert.Contains("CATCHUP_MIRROR is 'file:///etc'", (await trainer.ExitAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_download_goes_on_from_what_has_arrived()
    {
        using var mirror = new Mirror(_ => new byte[9_912_422], pause: TimeSpan.FromMilliseconds(20));
        var environment = new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address, ["CATCHUP_DATA"] = bench.Folder };
        var part = new FileInfo(bench.Path("mnist/train-images-idx3-ubyte.gz.part"));

        using var killed = TrainerProcess.Start(environment, "download", "mnist");
        while (part is not { Exists: true, Length: > 50_000 })
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            part.Refresh();
        }

        await killed.KillAsync();
        part.Refresh();
        mirror.Pause = TimeSpan.Zero;
        using var second = TrainerProcess.Start(environment, "download", "mnist");
        var result = await second.ExitAsync();

        // This server sends only zeros, so all ends with the hash; what counts is what was asked for. Another hash after resuming asks once more from the start.
        Assert.Contains("SHA-256", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["", $"bytes={part.Length}-", ""], mirror.Ranges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_fetches_missing_images_only_when_it_may(bool may)
    {
        using var mirror = new Mirror(_ => null);
        var run = bench.Write(Workbench.Tiny with { Data = new DataSpecification { Dataset = "mnist" } });
        var environment = new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address, ["CATCHUP_DATA"] = bench.Folder, ["CATCHUP_DOWNLOAD"] = may ? "1" : "0" };

        using var trainer = TrainerProcess.Start(environment, "train", run, "--out", bench.Path("out"), "--supervised");
        var result = await trainer.ExitAsync();

        Assert.Equal(3, result.ExitCode);
        var end = Assert.IsType<AttemptEnded>(TrainerProcess.Journal(bench.Path("out"))[^1]);
        Assert.Equal(AttemptOutcome.Failed, end.Outcome);
        Assert.Contains(may ? "404" : "was not found", end.Cause, StringComparison.Ordinal);
        Assert.Equal(may ? ["/mnist/train-images-idx3-ubyte.gz"] : [], mirror.Asked);
    }

    [Fact]
    public async Task Run_that_is_stopped_while_it_fetches_ends_as_asked()
    {
        // Trickles for as long as it is listened to.
        using var mirror = new Mirror(_ => new byte[9_912_422], pause: TimeSpan.FromMilliseconds(20));
        var run = bench.Write(Workbench.Tiny with { Data = new DataSpecification { Dataset = "mnist" } });
        var environment = new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address, ["CATCHUP_DATA"] = bench.Folder, ["CATCHUP_DOWNLOAD"] = "1" };

        using var trainer = TrainerProcess.Start(environment, "train", run, "--out", bench.Path("out"), "--supervised");
        await trainer.WaitForAsync(bench.Path("out"), entry => entry is LogWritten { Text: var text } && text.Contains("Fetching mnist", StringComparison.Ordinal));
        await trainer.Input.WriteLineAsync("cancel");
        await trainer.Input.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await trainer.ExitAsync()).ExitCode);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.IsType<AttemptEnded>(TrainerProcess.Journal(bench.Path("out"))[^1]).Outcome);
    }

    [Fact]
    public async Task Run_learns_from_a_folder_of_pictures()
    {
        var folder = Directory.CreateDirectory(bench.Path("my-pictures/shapes")).FullName;
        foreach (var number in Enumerable.Range(0, 12))
        {
            // Black and white, 13×7.
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHAQAAAAD7C/q3AAAAHElEQVR4nAXBsREAMAgAIfyzcP9pUwbMixKtTnwTcwEU4cML2gAAAABJRU5ErkJggg=="), TestContext.Current.CancellationToken);
        }

        var run = bench.Write(Workbench.Tiny with
        {
            Data = new DataSpecification { Dataset = "folder:my-pictures", Side = 8, Channels = 3 },
            Training = Workbench.Tiny.Training with { Iterations = 2 },
        });

        using var trainer = TrainerProcess.Start(new Dictionary<string, string> { ["CATCHUP_DATA"] = bench.Folder }, "train", run, "--out", bench.Path("out"));
        var result = await trainer.ExitAsync();

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("folder:my-pictures", TrainerProcess.Journal(bench.Path("out")).OfType<AttemptStarted>().Single().Environment["dataset"]);
        Assert.Single(Directory.GetFiles(bench.Path(".decoded")));
    }

    /// <summary>The published files, as far as this machine has them: Debian's are compressed anew, so their hashes differ.</summary>
    [Fact]
    public async Task Fashion_mnist_compressed_otherwise_is_not_what_was_published()
    {
        Assert.SkipUnless(Directory.Exists(DebianFolder), $"There is no {DebianFolder}.");
        using var mirror = new Mirror(path => File.ReadAllBytes(Path.Combine(DebianFolder, Path.GetFileName(path))));

        using var trainer = TrainerProcess.Start(new Dictionary<string, string> { ["CATCHUP_MIRROR"] = mirror.Address }, "download", "fashion-mnist", "--to", bench.Folder);

        Assert.Equal(2, (await trainer.ExitAsync()).ExitCode);
    }

    public void Dispose() => bench.Dispose();

    /// <summary>An HTTP server on this machine. Its answers are bytes, or 404.</summary>
    private sealed class Mirror : IDisposable
    {
        private readonly HttpListener listener = new();

        public Mirror(Func<string, byte[]?> answer, TimeSpan pause = default)
        {
            (Address, Pause) = (Start(listener), pause);
            _ = ServeAsync(answer);
        }

        public string Address { get; }

        /// <summary>Between two parts of an answer.</summary>
        public TimeSpan Pause { get; set; }

        /// <summary>The path of each request.</summary>
        public List<string> Asked { get; } = [];

        /// <summary>The Range header of each request.</summary>
        public List<string> Ranges { get; } = [];

        public void Dispose() => listener.Close();

        private static string Start(HttpListener listener)
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                listener.Prefixes.Add($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            }

            listener.Start();
            return listener.Prefixes.Single();
        }

        private async Task ServeAsync(Func<string, byte[]?> answer)
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    Asked.Add(context.Request.Url!.AbsolutePath);
                    Ranges.Add(context.Request.Headers["Range"] ?? "");
                    using var response = context.Response;
                    var content = answer(context.Request.Url.AbsolutePath);
                    response.StatusCode = content is null ? 404 : 200;
                    response.ContentLength64 = content?.Length ?? 0;
                    foreach (var part in (content ?? []).Chunk(1 << 14))
                    {
                        await response.OutputStream.WriteAsync(part);
                        await Task.Delay(Pause);
                    }
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
                {
                    // The client has gone, or the test is over.
                }
            }
        }
    }
}
