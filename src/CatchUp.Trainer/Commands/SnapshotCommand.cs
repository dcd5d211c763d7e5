using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
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
    private static readonly string[] SampleOptions = ["--out", "--solver", "--nfe", "--head", "--images", "--bank", "--device"];

    public static int Sample(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, SampleOptions, []);
        var target = arguments.Required("--out", "the PNG to write");
        return Use(arguments, settings, (specification, images, network, stop, device) =>
        {
            var solver = Solver(arguments.Option("--solver") ?? "euler", specification.Evaluation.Tolerance);
            var sampling = new Sampling(solver, solver.IsAdaptive ? null : arguments.Number("--nfe", 8), arguments.Number("--head", 1));
            if (sampling.Nfe is { } nfe && !solver.Takes(nfe))
            {
                throw new BadInputException($"--nfe is {nfe}; {solver.Name} takes odd numbers only.");
            }

            if (sampling.Head > network.Heads)
            {
                throw new BadInputException($"--head is {sampling.Head}; the network has {network.Heads}.");
            }

            var maker = new ImageMaker(network, Bank(images, arguments.Number("--bank", specification.Samples.NoiseBank)), stop, device);
            using var scope = NewDisposeScope();
            File.WriteAllBytes(target, ImageGrid.From(maker.Make(sampling, 0, arguments.Number("--images", 64)).Images).Png);
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
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sampling.Label}  {MetricLabel.Of(made.Metric, made.Extractor, made.Samples)} {made.Value:0.###}{interval}, NFE {made.Nfe}, against {made.Reference}"));
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

    private static Solver Solver(string word, double tolerance)
    {
        var words = Enum.GetValues<SolverKind>().ToDictionary(kind => JsonSerializer.SerializeToNode(kind, ContractJson.Options)!.GetValue<string>());
        return words.TryGetValue(word, out var kind)
            ? Recipe.Solver(kind, tolerance)
            : throw new BadInputException($"--solver is '{word}'; it must be {string.Join(", ", words.Keys)}.");
    }

    private static NoiseBank Bank(ImageDataset images, int bank) => new(bank, images.Channels, images.Height, images.Width);
}
