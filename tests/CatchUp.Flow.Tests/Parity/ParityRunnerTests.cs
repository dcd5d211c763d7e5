using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Parity;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Parity;

public sealed class ParityRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catchup-parity-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_case_has_its_line_and_the_last_line_counts()
    {
        WriteNetworkCase("a-good");
        WriteNetworkCase("b-wrong", tensors => tensors["velocity"].add_(1e-3));
        WriteNetworkCase("c-unknown", description: description => description["kind"] = "hologram");
        Directory.CreateDirectory(Path.Combine(_folder, "d-empty"));
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "no case");

        var (report, lines) = Run();

        Assert.Equal(new ParityReport(1, 2, 1), report);
        Assert.False(report.Succeeded);
        Assert.Matches(@"^a-good: velocity-network, largest error \d\.\de[-+]\d\d \(\w+\), tolerance 3\.0e-05, passed$", lines[0]);
        Assert.Matches(@"^b-wrong: velocity-network, largest error 1\.0e-03 \(velocity\), tolerance 3\.0e-05, failed$", lines[1]);
        Assert.Matches(@"^c-unknown: hologram, skipped \(.+\)$", lines[2]);
        Assert.Matches(@"^d-empty: .+, failed \(case\.json is missing\)$", lines[3]);
        Assert.Equal("1 passed, 2 failed, 1 skipped", lines[4]);
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public void Skipped_cases_alone_are_no_success()
    {
        WriteNetworkCase("unknown", description: description => description["kind"] = "hologram");

        var (report, lines) = Run();

        Assert.False(report.Succeeded);
        Assert.Equal("0 passed, 0 failed, 1 skipped", lines[^1]);
    }

    [Fact]
    public void Good_cases_alone_are_a_success_without_a_count_of_skipped()
    {
        WriteNetworkCase("good");

        var (report, lines) = Run();

        Assert.True(report.Succeeded);
        Assert.Equal("1 passed, 0 failed", lines[^1]);
    }

    [Fact]
    public void Folder_without_cases_is_no_success_and_a_missing_one_is_an_error()
    {
        var (report, lines) = Run();

        Assert.False(report.Succeeded);
        Assert.Equal("0 passed, 0 failed", lines[^1]);
        Assert.Throws<DirectoryNotFoundException>(() => ParityRunner.Run(Path.Combine(_folder, "absent"), CPU, TextWriter.Null));
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "no json", "no JSON" },
        { "array", "no 'kind'" },
        { "kind is a number", "'kind' in case.json is no text" },
        { "no tolerance", "no 'tolerance'" },
        { "no config", "no 'config'" },
        { "config is a text", "no '" },
        { "impossible config", "channel" },
        { "unsupported config", "does not support" },
        { "no tensors file", "tensors.safetensors is missing" },
        { "torn tensors file", "tensors.safetensors" },
        { "no expected tensor", "no tensor 'velocity'" },
        { "weight missing", "missing: map_layer0.bias" },
        { "weight unexpected", "unexpected: surplus" },
        { "expected of another shape", "velocity should be" },
        { "expected not a number", "NaN" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_case_fails_with_its_reason_and_the_next_is_still_checked(string fault, string reason)
    {
        var path = Path.Combine(_folder, "a-malformed");
        var config = (JsonObject description) => description["config"]!.AsObject();
        switch (fault)
        {
            case "no config":
                WriteNetworkCase("a-malformed", description: description => description.Remove("config"));
                break;
            case "no tolerance":
                WriteNetworkCase("a-malformed", description: description => description.Remove("tolerance"));
                break;
            case "kind is a number":
                WriteNetworkCase("a-malformed", description: description => description["kind"] = 7);
                break;
            case "config is a text":
                WriteNetworkCase("a-malformed", description: description => description["config"] = "standard");
                break;
            case "impossible config":
                WriteNetworkCase("a-malformed", description: description => config(description)["channel_mult"] = new JsonArray());
                break;
            case "unsupported config":
                WriteNetworkCase("a-malformed", description: description => config(description)["label_dim"] = 10);
                break;
            case "no expected tensor":
                WriteNetworkCase("a-malformed", tensors => tensors.Remove("velocity"));
                break;
            case "weight missing":
                WriteNetworkCase("a-malformed", tensors => tensors.Remove("param.map_layer0.bias"));
                break;
            case "weight unexpected":
                WriteNetworkCase("a-malformed", tensors => tensors["param.surplus"] = zeros(1));
                break;
            case "expected of another shape":
                WriteNetworkCase("a-malformed", tensors => tensors["velocity"] = zeros(2, 1, 8));
                break;
            case "expected not a number":
                WriteNetworkCase("a-malformed", tensors => tensors["velocity"].fill_(double.NaN));
                break;
            default:
                WriteNetworkCase("a-malformed");
                break;
        }

        switch (fault)
        {
            case "no json":
                File.WriteAllText(Path.Combine(path, "case.json"), "{ kind: ");
                break;
            case "array":
                File.WriteAllText(Path.Combine(path, "case.json"), "[]");
                break;
            case "no tensors file":
                File.Delete(Path.Combine(path, "tensors.safetensors"));
                break;
            case "torn tensors file":
                using (var file = File.OpenWrite(Path.Combine(path, "tensors.safetensors")))
                {
                    file.SetLength(file.Length - 5);
                }

                break;
        }

        WriteNetworkCase("b-good");
        var (report, lines) = Run();

        Assert.Equal(new ParityReport(1, 1, 0), report);
        Assert.Contains("failed", lines[0], StringComparison.Ordinal);
        Assert.Contains(reason, lines[0], StringComparison.Ordinal);
        Assert.EndsWith("passed", lines[1], StringComparison.Ordinal);
    }

    /// <summary>Each number that a case holds is really compared: made slightly wrong, it fails the case by name.</summary>
    [Theory]
    [InlineData("loss-rk23-uniform", "prediction1")]
    [InlineData("loss-rk23-uniform", "prediction2")]
    [InlineData("loss-rk23-uniform", "target1")]
    [InlineData("loss-rk23-uniform", "target2")]
    [InlineData("loss-rk23-uniform", "grad.map_layer0.weight")]
    [InlineData("consistency-16", "prediction")]
    [InlineData("consistency-16", "target")]
    [InlineData("progressive-16", "prediction")]
    [InlineData("progressive-16", "target")]
    [InlineData("network-28-gray", "velocity")]
    [InlineData("network-28-gray", "features")]
    [InlineData("samplers-16", "euler-4")]
    [InlineData("samplers-16", "heun-15")]
    [InlineData("samplers-16", "dpm_solver_2-8")]
    [InlineData("samplers-16", "deis_2-8")]
    [InlineData("samplers-16", "rk45")]
    [InlineData("samplers-heads", "dpm_solver_3-6")]
    [InlineData("samplers-heads", "euler-6-head3")]
    [InlineData("trajectory-rk23", "final.dec.16x16_aux_conv.weight")]
    [InlineData("trajectory-rk23", "final_ema.dec.16x16_aux_conv.weight")]
    public void Expected_tensor_that_is_off_in_one_place_fails_its_case(string name, string tensor)
    {
        using var scope = NewDisposeScope();
        var target = CopyGolden(name);
        var path = Path.Combine(target, "tensors.safetensors");
        var tensors = SafeTensors.Load(path);
        tensors[tensor].view(-1)[3].add_(3e-4);
        SafeTensors.Save(path, tensors);

        var result = ParityRunner.Check(target, CPU);

        Assert.Equal(ParityOutcome.Failed, result.Outcome);
        Assert.Equal(tensor, result.Largest?.What);
    }

    [Theory]
    [InlineData("loss-rk23-uniform", "loss")]
    [InlineData("loss-rk23-uniform", "grad_norm")]
    [InlineData("loss-rk23-uniform", "terms/0")]
    [InlineData("loss-rk23-uniform", "terms/3")]
    [InlineData("loss-rk23-progress-weights", "weights/progress")]
    [InlineData("consistency-16", "loss")]
    [InlineData("progressive-16", "loss")]
    [InlineData("wavelet-32", "loss")]
    [InlineData("trajectory-rk23", "losses/0")]
    [InlineData("trajectory-rk23", "losses/7")]
    [InlineData("trajectory-rk12", "ema_decay")]
    [InlineData("trajectory-rk12", "optimizer/lr")]
    [InlineData("metrics-64", "fid")]
    [InlineData("metrics-64", "kid")]
    [InlineData("metrics-64", "fid_by_eigenvalues")]
    [InlineData("metrics-64", "precision_400_k3")]
    [InlineData("metrics-64", "recall_400_k3")]
    [InlineData("metrics-64", "inception_score")]
    [InlineData("metrics-rank-deficient", "fid")]
    [InlineData("samplers-16", "runs/2/straightness")]
    [InlineData("samplers-16", "runs/2/cosine/1")]
    [InlineData("samplers-heads", "runs/0/head")]
    public void Expected_number_or_setting_that_is_off_fails_its_case(string name, string where)
    {
        var target = CopyGolden(name);
        var path = Path.Combine(target, "case.json");
        var description = JsonNode.Parse(File.ReadAllText(path))!;
        var steps = where.Split('/');
        var parent = steps[..^1].Aggregate(description, (node, step) => node is JsonArray array ? array[int.Parse(step, null)]! : node[step]!);
        if (parent is JsonArray values)
        {
            var index = int.Parse(steps[^1], null);
            values[index] = values[index]!.GetValue<double>() + 3e-3;
        }
        else if (steps[^1] == "head")
        {
            parent["head"] = 2;
        }
        else
        {
            parent[steps[^1]] = parent[steps[^1]]!.GetValue<double>() + 3e-3;
        }

        File.WriteAllText(path, description.ToJsonString());

        Assert.Equal(ParityOutcome.Failed, ParityRunner.Check(target, CPU).Outcome);
    }

    [Fact]
    public void Sampler_case_with_an_unknown_solver_fails_and_names_it()
    {
        var target = CopyGolden("samplers-16");
        var path = Path.Combine(target, "case.json");
        var description = JsonNode.Parse(File.ReadAllText(path))!;
        description["runs"]![1]!["solver"] = "leapfrog";
        File.WriteAllText(path, description.ToJsonString());

        var result = ParityRunner.Check(target, CPU);

        Assert.Equal(ParityOutcome.Failed, result.Outcome);
        Assert.Contains("'leapfrog' is not known", result.Remark, StringComparison.Ordinal);
    }

    private (ParityReport Report, string[] Lines) Run()
    {
        var output = new StringWriter();
        var report = ParityRunner.Run(_folder, CPU, output);
        return (report, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private string CopyGolden(string name)
    {
        var source = Path.Combine(GoldenFolder.Require(), name);
        var target = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var file in Directory.GetFiles(source))
        {
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        return target;
    }

    private void WriteNetworkCase(string name, Action<Dictionary<string, Tensor>>? tensors = null, Action<JsonObject>? description = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = TestNetworks.Create();
        var (x, t) = (randn(2, 1, 8, 8), rand(2));
        var values = NetworkWeights.Of(network).ToDictionary(pair => "param." + pair.Key, pair => pair.Value);
        values["x"] = x;
        values["t"] = t;
        values["velocity"] = network.Forward(x, t);
        values["features"] = network.Features(x, t);
        tensors?.Invoke(values);

        var text = new JsonObject
        {
            ["kind"] = "velocity-network",
            ["tolerance"] = 3e-5,
            ["config"] = new JsonObject
            {
                ["img_resolution"] = 8,
                ["in_channels"] = 1,
                ["out_channels"] = 1,
                ["model_channels"] = 8,
                ["channel_mult"] = new JsonArray(1, 2),
                ["num_blocks"] = 1,
                ["attn_resolutions"] = new JsonArray(4),
                ["embedding_type"] = "positional",
                ["channel_mult_noise"] = 1,
                ["channel_mult_emb"] = 4,
                ["encoder_type"] = "standard",
                ["decoder_type"] = "standard",
                ["resample_filter"] = new JsonArray(1, 1),
                ["dropout"] = 0.0,
                ["prior_shakedrop"] = false,
                ["phi"] = 0.75,
                ["discrete_time"] = false,
                ["total_N"] = 16,
            },
        };
        description?.Invoke(text);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "case.json"), text.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        SafeTensors.Save(Path.Combine(folder, "tensors.safetensors"), values);
    }
}
