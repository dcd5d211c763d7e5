using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Solvers;
using CatchUp.Flow.Training;
using CatchUp.Flow.Weights;
using CatchUp.Trainer.Evaluations;
using CatchUp.Trainer.Input;
using CatchUp.Trainer.Pictures;
using CatchUp.Trainer.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Commands;

/// <summary><c>sample</c> and <c>evaluate</c>: uses of a snapshot outside its run.</summary>
internal static class SnapshotCommand
{
    private static readonly string[] SampleOptions = ["--out", "--nfe", "--head", "--images", "--bank", "--device"];

    public static int Sample(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, SampleOptions, []);
        var target = arguments.Required("--out", "the PNG to write");
        return Use(arguments, settings, (specification, images, network, stop, device) =>
        {
            var sampling = new Sampling(new EulerSolver(), arguments.Number("--nfe", 8), arguments.Number("--head", 1));
            if (sampling.Head > network.Heads)
            {
                throw new BadInputException($"--head is {sampling.Head}; the network has {network.Heads}.");
            }

            var maker = new ImageMaker(network, Bank(images, arguments.Number("--bank", specification.Samples.NoiseBank)), stop, device);
            using var scope = NewDisposeScope();
            File.WriteAllBytes(target, ImageGrid.From(maker.Make(sampling, 0, arguments.Number("--images", 64))).Png);
        });
    }

    public static int Evaluate(string[] args, TrainerSettings settings) => Use(new Arguments(args, ["--device"], []), settings, (specification, images, network, stop, device) =>
    {
        using var evaluator = Evaluator.Create(specification.Evaluation, images, settings, device, TimeProvider.System)
            ?? throw new BadInputException("evaluation.samples is 0, so there is nothing to measure.");
        var maker = new ImageMaker(network, Bank(images, specification.Samples.NoiseBank), stop, device);
        foreach (var sampling in Sampling.All(specification.Evaluation, network.Heads))
        {
            foreach (var made in evaluator.Evaluate(maker, sampling, Evaluator.Names(specification.Evaluation)).Results)
            {
                var interval = made is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.###} to {high:0.###})") : "";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sampling.Label}  {made.Metric} {made.Value:0.###}{interval}  {made.Extractor}, {made.Samples} samples, against {made.Reference}"));
            }
        }
    });

    private static int Use(Arguments arguments, TrainerSettings settings, Action<RunSpecification, ImageDataset, VelocityNetwork, StopSignal, Device> use)
    {
        var (run, snapshot) = arguments.Pair("run file", "snapshot");
        var specification = RunInput.Read(run).Specification;
        settings.Apply();
        var device = Devices.Choose(arguments.Option("--device") ?? "cpu");
        using var stop = new StopSignal(supervised: false, Console.In);
        using var images = DatasetInput.Open(specification.Data, settings);
        using var network = NetworkRecipe.Velocity(specification, ImageForm.Of(images));
        Load(network, snapshot);
        network.to(device);
        network.eval();
        use(specification, images, network, stop, device);
        return ExitStatus.Done;
    }

    /// <summary>A snapshot with a sidecar is checked by its hash; one that was downloaded alone is taken as it is.</summary>
    private static void Load(VelocityNetwork network, string path)
    {
        using var scope = NewDisposeScope();
        try
        {
            NetworkWeights.Load(network, File.Exists(WeightFile.SidecarPath(path))
                ? WeightFile.Load(path, WeightFile.Find(path).Sha256, out _)
                : SafeTensors.Load(path));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be used: {error.Message}");
        }
    }

    private static NoiseBank Bank(ImageDataset images, int bank) => new(bank, images.Channels, images.Height, images.Width);
}
