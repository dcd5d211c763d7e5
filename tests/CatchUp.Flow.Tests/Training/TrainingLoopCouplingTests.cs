using CatchUp.Flow.Couplings;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using CatchUp.Flow.Tests.Networks;
using CatchUp.Flow.Training;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Training;

/// <summary>What a coupling's network and the labels of a batch have to do with the training loop.</summary>
public sealed class TrainingLoopCouplingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catchup-loop-").FullName;
    private readonly ImageDataset _images = Images();

    public void Dispose()
    {
        _images.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Noise_encoder_is_trained_along_and_resumes_with_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var straight = new Trained(_images);
        var before = Copy(straight.Encoder);
        Advance(straight, 3);
        Assert.All(NetworkWeights.Of(straight.Encoder).Where(pair => !pair.Key.EndsWith("resample_filter", StringComparison.Ordinal)), pair => Assert.NotEqual(0, TestNetworks.LargestDifference(pair.Value, before[pair.Key])));
        var checkpoint = straight.Loop.SaveCheckpoint(Path.Combine(_folder, "checkpoint.safetensors"));
        var expected = Advance(straight, 3);

        using var resumed = new Trained(_images, seed: 9);
        resumed.Loop.Resume(checkpoint.Path, checkpoint.Sha256);
        var losses = Advance(resumed, 3);

        Assert.Equal(expected, losses);
        Assert.Equal(Bits(straight.Encoder), Bits(resumed.Encoder));
        Assert.Equal(Bits(straight.Network), Bits(resumed.Network));
    }

    [Fact]
    public void Loss_is_the_objectives_and_the_weighted_divergence()
    {
        using var trained = new Trained(_images);

        var update = trained.Loop.Advance(measureGradient: true);

        Assert.Equal(["catch_up_1", "ground_truth_1", "kl"], update.Terms.Keys);
        Assert.Equal(update.Loss, update.Terms["catch_up_1"] + update.Terms["ground_truth_1"] + 20 * update.Terms["kl"], 4);
        Assert.True(update.Terms["kl"] > 0);
        Assert.True(update.GradientNorm > 0);
    }

    [Fact]
    public void Snapshot_has_the_velocity_network_alone()
    {
        using var scope = NewDisposeScope();
        using var trained = new Trained(_images);
        trained.Loop.Advance();

        var snapshot = trained.Loop.SaveSnapshot(Path.Combine(_folder, "snapshot.safetensors"));

        Assert.Equal(NetworkWeights.Of(trained.Network).Keys.Order(), WeightFile.Load(snapshot.Path, snapshot.Sha256, out _).Keys.Order());
    }

    [Fact]
    public void Labels_of_the_batch_reach_the_network()
    {
        using var network = new Labelled();
        using var loop = new TrainingLoop(network, new CatchUpObjective(new CatchUpOptions { Order = CatchUpOrder.Rk23 }), new IndependentCoupling(), _images, Options, CPU, "");

        loop.Advance();

        // The training pass, the second slope, and both targets as one batch.
        var order = new DataOrder(0, _images.Count).Next(0, Options.BatchSize);
        using var scope = NewDisposeScope();
        var expected = _images.LabelsOf(order).data<long>().ToArray();
        Assert.Equal(expected, network.Passes[0]);
        Assert.Equal(expected, network.Passes[1]);
        Assert.Equal([.. expected, .. expected], network.Passes[^1]);
    }

    [Fact]
    public void Labels_of_a_share_reach_the_network()
    {
        using var network = new Labelled();
        using var loop = new TrainingLoop(network, new CatchUpObjective(new CatchUpOptions { Order = CatchUpOrder.Rk23, Share = 0.5 }), new IndependentCoupling(), _images, Options, CPU, "");

        loop.Advance();

        // Both targets of half the batch are as many states as the whole batch.
        var (whole, last) = (network.Passes[0], network.Passes[^1]);
        Assert.Equal(4, whole.Length);
        Assert.Equal(whole[..2], network.Passes[1]);
        Assert.Equal([.. whole[..2], .. whole[..2]], last);
    }

    private static TrainingOptions Options { get; } = new() { Seed = 0, Iterations = 10, BatchSize = 4, Adam = new AdamOptions { LearningRate = 1e-3 } };

    private static ImageDataset Images()
    {
        var values = new byte[12 * 64];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (byte)(20 * (i / 64));
        }

        return new ImageDataset("steps", "", values, 1, 8, 8, [.. Enumerable.Range(0, 12).Select(image => (long)(image % 3))]);
    }

    private static double[] Advance(Trained trained, int steps) => [.. Enumerable.Range(0, steps).Select(_ => trained.Loop.Advance().Loss)];

    private static Dictionary<string, Tensor> Copy(nn.Module network) => NetworkWeights.Of(network).ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone());

    private static float[] Bits(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return [.. network.parameters().SelectMany(parameter => parameter.detach().reshape(-1).data<float>().ToArray())];
    }

    private sealed class Trained : IDisposable
    {
        public Trained(ImageDataset images, long seed = 1)
        {
            Network = TestNetworks.Create(TestNetworks.Options with { Dropout = 0.1 }, seed);
            Encoder = TestNetworks.Create(TestNetworks.Options with { OutChannels = 2, Dropout = 0.1 }, seed + 1);
            Loop = new TrainingLoop(Network, new CatchUpObjective(new CatchUpOptions()), new LearnedCoupling(Encoder, 20), images, Options, CPU, "");
        }

        public SongUNet Network { get; }

        public SongUNet Encoder { get; }

        public TrainingLoop Loop { get; }

        public void Dispose()
        {
            Loop.Dispose();
            Network.Dispose();
            Encoder.Dispose();
        }
    }

    /// <summary>Notes the labels of every pass.</summary>
    private sealed class Labelled : VelocityNetwork
    {
        private readonly TorchSharp.Modules.Parameter _a = new(tensor(1f));

        public Labelled()
            : base(nameof(Labelled))
        {
            RegisterComponents();
            KeepWeights();
        }

        public List<long[]> Passes { get; } = [];

        public override int Heads => 2;

        public override bool DiscreteTime => false;

        public override int TimeSteps => 16;

        public override int Classes => 3;

        public override IReadOnlyList<long> ImageShape => [1, 8, 8];

        public override Tensor Features(Tensor z, Tensor t, Tensor? labels = null)
        {
            Passes.Add(labels!.data<long>().ToArray());
            return z * _a;
        }

        protected override Tensor ApplyHead(Tensor features, int head) => features * head;
    }
}
