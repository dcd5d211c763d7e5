using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Commands;

public sealed class ImportTests : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Imported_checkpoint_is_a_snapshot_that_samples_alike_and_starts_a_run()
    {
        var (run, snapshot) = await TrainAsync();
        var published = bench.Path("published.safetensors");
        Wrap(snapshot, published, name => "module." + name);

        var import = await TrainerProcess.RunAsync("import", "--weights", published, "--specification", run, "--out", bench.Path("imported.safetensors"));

        Assert.True(import.ExitCode == 0, import.Errors);
        Assert.Matches(@"imported\.safetensors: [\d,]+ parameters, 2 heads, SHA-256 [0-9a-f]{64}", import.Output);
        Assert.Equal(await SampleAsync(run, snapshot), await SampleAsync(run, bench.Path("imported.safetensors")));
        var train = await TrainerProcess.RunAsync("train", bench.Write(Specification with { InitialRun = new InitialRunSpecification { Run = "1" } }, "next.json"), "--out", bench.Path("next"), "--initial", bench.Path("imported.safetensors"));
        Assert.True(train.ExitCode == 0, train.Errors);
    }

    [Fact]
    public async Task Checkpoint_of_another_network_is_refused_with_the_names()
    {
        var (_, snapshot) = await TrainAsync();
        var published = bench.Path("published.safetensors");
        Wrap(snapshot, published, name => name.Replace("map_layer0.bias", "map_layer9.bias", StringComparison.Ordinal));

        var result = await TrainerProcess.RunAsync("import", "--weights", published, "--specification", bench.Path("run.json"), "--out", bench.Path("imported.safetensors"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("missing: map_layer0.bias; unexpected: map_layer9.bias", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Path("imported.safetensors")));
    }

    [Fact]
    public async Task File_that_is_no_safetensors_is_refused_with_a_hint()
    {
        var result = await TrainerProcess.RunAsync("import", "--weights", bench.WriteText("PK pickle", "net.pth"), "--preset", "fashion-tiny", "--out", bench.Path("imported.safetensors"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("docs/checkpoints.md", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--preset", "fashion-huge" }, "There is no preset 'fashion-huge'")]
    [InlineData(new string[0], "by --preset NAME, or by --specification RUN.json")]
    public async Task Import_without_a_known_network_is_refused(string[] arguments, string reason)
    {
        var result = await TrainerProcess.RunAsync(["import", "--weights", "net.safetensors", "--out", bench.Path("imported.safetensors"), .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    private static RunSpecification Specification { get; } = Workbench.Tiny with { Training = Workbench.Tiny.Training with { Iterations = 2 } };

    private async Task<(string Run, string Snapshot)> TrainAsync()
    {
        var run = bench.Write(Specification);
        var result = await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));
        Assert.True(result.ExitCode == 0, result.Errors);
        return (run, bench.Path("out/checkpoints/snapshot-00000002.safetensors"));
    }

    private async Task<byte[]> SampleAsync(string run, string snapshot)
    {
        var grid = bench.Path(Path.GetFileNameWithoutExtension(snapshot) + ".png");
        var result = await TrainerProcess.RunAsync("sample", run, snapshot, "--out", grid, "--nfe", "2", "--images", "4");
        Assert.True(result.ExitCode == 0, result.Errors);
        return await File.ReadAllBytesAsync(grid, TestContext.Current.CancellationToken);
    }

    /// <summary>The same tensors under other names and without metadata, as a state_dict saved from Python.</summary>
    private static void Wrap(string source, string target, Func<string, string> rename)
    {
        var bytes = File.ReadAllBytes(source);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        var renamed = new JsonObject(header.Where(pair => pair.Key != "__metadata__").Select(pair => KeyValuePair.Create(rename(pair.Key), pair.Value?.DeepClone())));
        var text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(renamed));
        var size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, text.Length);
        File.WriteAllBytes(target, [.. size, .. text, .. bytes.AsSpan(8 + length)]);
    }
}
