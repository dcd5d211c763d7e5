using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.Extractors.Inception;
using CatchUp.Flow.Parity;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.Extractors;

public sealed class InceptionExtractorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-inception-").FullName;

    private static string StandIn => Path.Combine(Repository.Folder("tests/CatchUp.Flow.Tests/Evaluation/Extractors/stand-in"), "inception-tf-stand-in.pt");

    [Fact]
    public void Published_TorchScript_gets_bytes_in_three_channels_and_gives_features_and_classes()
    {
        using var scope = NewDisposeScope();
        WriteCard("inception-tf", StandIn, Hash(StandIn));
        using var extractor = Load("inception-tf");
        random.manual_seed(9);
        var bytes = randint(0, 256, [60, 1, 28, 28], dtype: ScalarType.Byte);

        var (features, probabilities) = extractor.Measure(bytes, withProbabilities: true);

        // What the stand-in's script says.
        var pooled = nn.functional.adaptive_avg_pool2d((bytes.expand(-1, 3, -1, -1).to(ScalarType.Float32) - 128) / 128, [7, 7]).flatten(1);
        var (i, j) = (arange(2048, dtype: ScalarType.Float32).unsqueeze(1), arange(147, dtype: ScalarType.Float32).unsqueeze(0));
        var expected = pooled.mm((i * 0.37 + j * 1.13 + i * j * 0.011).cos().t()).relu();
        Assert.True(features.allclose(expected, 1e-4, 1e-4));
        Assert.Equal([60, 1008], probabilities!.shape);
        Assert.True(probabilities.sum(1).allclose(ones(60), 1e-5, 1e-5));
        Assert.Equal((2048, 1008), (extractor.FeatureCount, extractor.ClassCount));
        Assert.Null(extractor.OwnReference());
    }

    [Fact]
    public void Own_network_loads_published_names_and_measures_bytes()
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        weights["Mixed_7c.branch_pool.bn.num_batches_tracked"] = tensor(0L);
        var file = Path.Combine(folder, "weights.safetensors");
        SafeTensors.Save(file, weights);
        WriteCard("inception-pytorch", file, Hash(file));
        using var extractor = Load("inception-pytorch");
        random.manual_seed(9);
        var bytes = randint(0, 256, [2, 1, 9, 9], dtype: ScalarType.Byte);

        var (features, probabilities) = extractor.Measure(bytes, withProbabilities: true);

        using var network = new InceptionNetwork((name, _) => weights[name]);
        var expected = network.Features(bytes.expand(-1, 3, -1, -1).to(ScalarType.Float32) / 255);
        Assert.True(features.allclose(expected, 1e-4, 1e-5));
        Assert.True(probabilities!.allclose(network.Logits(expected).softmax(1), 1e-4, 1e-5));

        var images = (bytes.to(ScalarType.Float32) / 127.5 - 1).requires_grad_();
        var differentiable = extractor.DifferentiableFeatures(images);
        differentiable.sum().backward();
        Assert.True(differentiable.allclose(features, 1e-4, 1e-5));
        Assert.True(images.grad!.abs().sum().item<float>() > 0);
    }

    [Theory]
    [InlineData("missing", "'fc.bias' is missing")]
    [InlineData("surplus", "no weight 'AuxLogits.fc.bias'")]
    [InlineData("shape", "is [1000], not [1008]")]
    public void Weights_of_another_network_are_refused_by_name(string fault, string reason)
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        switch (fault)
        {
            case "missing":
                weights.Remove("fc.bias");
                break;
            case "shape":
                weights["fc.bias"] = zeros(1000);
                break;
            default:
                weights["AuxLogits.fc.bias"] = zeros(3);
                break;
        }

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => new InceptionFeatureNetwork(weights)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inception-tf")]
    [InlineData("inception-pytorch")]
    public void Missing_weights_say_what_to_do(string name)
    {
        var error = Assert.Throws<ExtractorUnavailableException>(() => Load(name));

        Assert.Contains($"Put a card.json into {Path.Combine(folder, name)}", error.Message, StringComparison.Ordinal);
        Assert.Contains("weightsSha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_gone_changed_or_no_TorchScript_is_refused()
    {
        WriteCard("inception-tf", "/absent/inception.pt", Hash(StandIn));
        Assert.Contains("/absent/inception.pt is not there", Refusal(), StringComparison.Ordinal);

        WriteCard("inception-tf", StandIn, new string('0', 64));
        Assert.Contains("its card says 0000", Refusal(), StringComparison.Ordinal);

        var text = Path.Combine(folder, "text.pt");
        File.WriteAllText(text, "not a script");
        WriteCard("inception-tf", text, Hash(text));
        Assert.Contains("text.pt is no TorchScript file", Refusal(), StringComparison.Ordinal);

        string Refusal() => Assert.Throws<ExtractorUnavailableException>(() => Load("inception-tf")).Message;
    }

    [Fact]
    public async Task Weights_at_an_address_are_fetched_once_and_checked()
    {
        var (server, address) = Listen();
        using (server)
        {
            var asked = new List<string>();
            var serving = ServeAsync(server, asked);

            WriteCard("inception-tf", address + "absent.pt", Hash(StandIn));
            Assert.Contains("404", Assert.Throws<ExtractorUnavailableException>(() => Load("inception-tf")).Message, StringComparison.Ordinal);

            WriteCard("inception-tf", address + "inception.pt", new string('a', 64));
            Assert.Contains("expected aaaa", Assert.Throws<ExtractorUnavailableException>(() => Load("inception-tf")).Message, StringComparison.Ordinal);

            WriteCard("inception-tf", address + "inception.pt", Hash(StandIn));
            Load("inception-tf").Dispose();
            Load("inception-tf").Dispose();

            Assert.Equal(["/absent.pt", "/inception.pt", "/inception.pt"], asked);
            Assert.Equal(Hash(StandIn) + ".pt", Assert.Single(Directory.GetFiles(Path.Combine(folder, "inception-tf")).Select(Path.GetFileName), name => name != "card.json"));
            server.Stop();
            await serving;
        }
    }

    [Fact]
    public void Images_of_any_side_in_grey_or_colour_suit()
    {
        WriteCard("inception-tf", StandIn, Hash(StandIn));
        using var extractor = Load("inception-tf");

        extractor.CheckImages(1, 28, 28);
        extractor.CheckImages(3, 64, 64);
        Assert.Contains("not those of 4 channels", Assert.Throws<ExtractorUnavailableException>(() => extractor.CheckImages(4, 32, 32)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Dictionary<string, Tensor> Weights()
    {
        var weights = new Dictionary<string, Tensor>();
        using var network = new InceptionNetwork((name, shape) => weights[name] = InceptionFeaturesParity.Fill(name, shape).MoveToOuterDisposeScope());
        return weights;
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static (HttpListener Server, string Address) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            var server = new HttpListener { Prefixes = { address } };
            try
            {
                server.Start();
                return (server, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is taken.
            }
        }
    }

    private static async Task ServeAsync(HttpListener server, List<string> asked)
    {
        try
        {
            while (true)
            {
                var context = await server.GetContextAsync();
                asked.Add(context.Request.RawUrl!);
                if (context.Request.RawUrl == "/inception.pt")
                {
                    await context.Response.OutputStream.WriteAsync(File.ReadAllBytes(StandIn));
                }
                else
                {
                    context.Response.StatusCode = 404;
                }

                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private FeatureExtractor Load(string name) => FeatureExtractor.Load(Repository.Folder("extractors"), name, CPU, folder);

    private void WriteCard(string name, string weights, string hash)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(home, "card.json"), JsonSerializer.Serialize(new { weights, weightsSha256 = hash }));
    }
}
