using System.Globalization;
using CatchUp.Flow.Couplings;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Training;

/// <summary>
/// Training, one update at a time. Resumable by construction: everything random in an update derives from (seed, images seen), so
/// weights, averaged weights, optimizer state and the number of images seen are all it takes to go on with the same bits.
/// </summary>
public sealed class TrainingLoop : IDisposable
{
    private const string NetworkPrefix = "network/", EmaPrefix = "ema/", OptimizerPrefix = "optimizer/", CouplingPrefix = "coupling/";
    private const string KindKey = "kind", StepKey = "step", ImagesSeenKey = "images_seen", FingerprintKey = "specification";

    private readonly VelocityNetwork network;
    private readonly Objective objective;
    private readonly Coupling coupling;
    private readonly ImageDataset images;
    private readonly TrainingOptions options;
    private readonly Device device;
    private readonly string fingerprint;
    private readonly DataOrder order;
    private readonly Adam optimizer;
    private readonly Ema ema;
    private readonly ParameterLayout? average;
    private readonly Generator generator = new(device: CPU);

    /// <param name="network">The network to train, on its device; the caller keeps owning it.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="coupling">How images are paired with noise; its network, if any, is trained too, with the same optimizer.</param>
    /// <param name="images">What it learns from, on the same device.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="fingerprint">Names what decides the numbers; a checkpoint of another fingerprint is refused.</param>
    /// <param name="average">A network of the same shape that is to have the averaged weights at every update, for an objective that learns from it.</param>
    public TrainingLoop(VelocityNetwork network, Objective objective, Coupling coupling, ImageDataset images, TrainingOptions options, Device device, string fingerprint, VelocityNetwork? average = null)
    {
        (this.network, this.objective, this.coupling, this.images, this.options, this.device, this.fingerprint) = (network, objective, coupling, images, options, device, fingerprint);
        order = new DataOrder(options.Seed, images.Count);
        nn.Module[] trained = coupling.Network is { } encoder ? [network, encoder] : [network];
        optimizer = new Adam(trained, options.Adam);
        ema = new Ema(network, options.Ema);
        if (average is not null)
        {
            ema.CopyTo(average);
            this.average = new ParameterLayout(average);
        }
    }

    /// <summary>What snapshots say of themselves, beside their step.</summary>
    public IReadOnlyDictionary<string, string> SnapshotMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Updates made.</summary>
    public int Step { get; private set; }

    /// <summary>Images that went into them, repetitions counted.</summary>
    public long ImagesSeen => (long)Step * options.BatchSize;

    /// <summary>Makes one update.</summary>
    /// <param name="measureGradient">Also measure the norm of the gradient.</param>
    /// <exception cref="NonFiniteLossException">The loss was not finite; nothing was updated.</exception>
    public Update Advance(bool measureGradient = false)
    {
        using var scope = NewDisposeScope();
        network.train();
        coupling.Network?.train();
        SeedStep();

        var indices = order.Next(ImagesSeen, options.BatchSize);
        var pairs = coupling.Draw(Augment(images.Images(indices)), generator);
        var draws = objective.Draw(network, options.BatchSize, generator, device);
        using var labelled = network.Classes > 0 ? network.WithLabels(pairs.Labels ?? images.LabelsOf(indices)) : null;
        var result = objective.Compute(labelled ?? network, pairs.Data, pairs.Noise, draws, (double)Step / options.Iterations);
        var total = pairs.Loss is null ? result.Loss : result.Loss + pairs.Loss;
        var (loss, terms) = FiniteLoss(total, [.. result.Terms, .. pairs.Terms]);

        optimizer.ZeroGradients();
        total.backward();
        double? gradientNorm = measureGradient ? optimizer.Gradients.norm().item<float>() : null;
        var learningRate = optimizer.LearningRate;
        optimizer.Step();
        ema.Update(Step);
        FollowAverage();
        // Every operation with a number leaves a native scalar of some bytes to its finalizer. Between activations of megabytes,
        // hundreds of them an update split the heap, and resident memory doubles until the next collection happens to come.
        GC.Collect(0, GCCollectionMode.Forced, blocking: false);
        Step++;
        return new Update(Step, ImagesSeen, loss, terms, learningRate, gradientNorm);
    }

    /// <summary>Copies the averaged weights, which are what is sampled from, into a network of the same shape.</summary>
    public void CopyAveragedWeights(VelocityNetwork target) => ema.CopyTo(target);

    /// <summary>Saves all it takes to go on from here.</summary>
    public WeightFile SaveCheckpoint(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        AddAll(NetworkPrefix, NetworkWeights.Of(network));
        AddAll(EmaPrefix, ema.Weights());
        AddAll(OptimizerPrefix, optimizer.State());
        if (coupling.Network is { } encoder)
        {
            AddAll(CouplingPrefix, NetworkWeights.Of(encoder));
        }

        return WeightFile.Save(path, tensors, Metadata("checkpoint"));

        void AddAll(string prefix, IReadOnlyDictionary<string, Tensor> part)
        {
            foreach (var (name, value) in part)
            {
                tensors.Add(prefix + name, value);
            }
        }
    }

    /// <summary>Saves the averaged weights, for use.</summary>
    public WeightFile SaveSnapshot(string path)
    {
        using var scope = NewDisposeScope();
        return WeightFile.Save(path, ema.Weights(), Metadata("snapshot").Concat(SnapshotMetadata).ToDictionary());
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="sha256">The hash it must have.</param>
    /// <exception cref="WeightFileRefusedException">Missing, torn, changed, no checkpoint, or of another configuration.</exception>
    public void Resume(string path, string sha256)
    {
        using var scope = NewDisposeScope();
        var tensors = WeightFile.Load(path, sha256, out var metadata);
        try
        {
            if (metadata.GetValueOrDefault(KindKey) != "checkpoint")
            {
                throw new WeightFileRefusedException($"{path} is refused: it is no checkpoint. A snapshot holds weights for use and cannot be resumed.") { IsWhole = true };
            }

            if (metadata.GetValueOrDefault(FingerprintKey) != fingerprint)
            {
                throw new WeightFileRefusedException($"{path} is refused: it was made with another configuration (data, network, coupling, objective, optimizer, averaging, batch size, precision or seed differ).") { IsWhole = true };
            }

            var step = int.Parse(metadata[StepKey], CultureInfo.InvariantCulture);
            NetworkWeights.Load(network, Part(NetworkPrefix));
            ema.Load(Part(EmaPrefix));
            optimizer.Load(Part(OptimizerPrefix));
            FollowAverage();
            if (coupling.Network is { } encoder)
            {
                NetworkWeights.Load(encoder, Part(CouplingPrefix));
            }

            Step = step;
        }
        catch (Exception error) when (error is InvalidDataException or KeyNotFoundException or FormatException)
        {
            throw new WeightFileRefusedException($"{path} is refused: {error.Message}", error) { IsWhole = true };
        }

        Dictionary<string, Tensor> Part(string prefix) => tensors
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        ema.Dispose();
        generator.Dispose();
    }

    private void FollowAverage()
    {
        if (average is not null)
        {
            ema.WriteTo(average);
        }
    }

    /// <summary>A generator of our own serves flips, noise and times; dropout takes none and draws from the global one.</summary>
    private void SeedStep()
    {
        generator.manual_seed((long)(new PhiloxSequence((uint)options.Seed, RandomPurpose.Step, (ulong)ImagesSeen).NextBits() >> 1));
        manual_seed((long)(new PhiloxSequence((uint)options.Seed, RandomPurpose.Dropout, (ulong)ImagesSeen).NextBits() >> 1));
    }

    /// <summary>[batch, channels, height, width], some of them mirrored.</summary>
    private Tensor Augment(Tensor batch)
    {
        if (!options.HorizontalFlip)
        {
            return batch;
        }

        var mirrored = rand(options.BatchSize, generator: generator).lt(0.5).to(device).view(-1, 1, 1, 1);
        return where(mirrored, batch.flip(3), batch);
    }

    private (double Loss, Dictionary<string, double> Terms) FiniteLoss(Tensor total, IReadOnlyList<(string Name, Tensor Value)> parts)
    {
        var names = parts.Select(term => term.Name).Append("loss");
        var values = stack([.. parts.Select(term => term.Value), total.detach()]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        var terms = names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (term, value) in terms)
        {
            if (!double.IsFinite(value))
            {
                throw new NonFiniteLossException(term, value, Step + 1);
            }
        }

        terms.Remove("loss", out var loss);
        return (loss, terms);
    }

    private Dictionary<string, string> Metadata(string kind) => new()
    {
        [KindKey] = kind,
        [StepKey] = Step.ToString(CultureInfo.InvariantCulture),
        [ImagesSeenKey] = ImagesSeen.ToString(CultureInfo.InvariantCulture),
        [FingerprintKey] = fingerprint,
    };
}
