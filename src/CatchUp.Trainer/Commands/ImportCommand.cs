using System.Globalization;
using System.Security.Cryptography;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Training;
using CatchUp.Flow.Weights;
using CatchUp.Trainer.Input;
using CatchUp.Trainer.Runs;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Commands;

/// <summary><c>import</c>: makes a snapshot of a published PyTorch checkpoint, for sample, evaluate and train --initial.</summary>
internal static class ImportCommand
{
    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--weights", "--preset", "--specification", "--out"], []);
        var (source, target) = (arguments.Required("--weights", "the checkpoint, a safetensors file,"), arguments.Required("--out", "the snapshot to write"));
        var specification = ReadSpecification(arguments);

        settings.Apply();
        using var scope = NewDisposeScope();
        using var network = NetworkRecipe.Velocity(specification, FormOf(specification, settings));
        Load(network, source);
        var snapshot = WeightFile.Save(target, NetworkWeights.Of(network), new Dictionary<string, string>(InitialSnapshot.Metadata(specification))
        {
            ["kind"] = "snapshot",
            ["step"] = "0",
            ["images_seen"] = "0",
            ["imported_from"] = Path.GetFileName(source),
            ["imported_sha256"] = HashOf(source),
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: {network.parameters().Sum(parameter => parameter.numel()):#,0} parameters, {network.Heads} head{(network.Heads == 1 ? "" : "s")}, SHA-256 {snapshot.Sha256}"));
        return ExitStatus.Done;
    }

    private static RunSpecification ReadSpecification(Arguments arguments) => (arguments.Option("--preset"), arguments.Option("--specification")) switch
    {
        ({ } name, null) => SpecificationMerge.FromPreset(PresetCommand.Find(name)),
        (null, { } file) => RunInput.Read(file).Specification,
        _ => throw new BadInputException("Say what network the weights are of: by --preset NAME, or by --specification RUN.json."),
    };

    /// <summary>The form of the images, without having them where that is known.</summary>
    private static ImageForm FormOf(RunSpecification specification, TrainerSettings settings)
    {
        if (KnownDataset.Find(specification.Data) is { Side: > 0, Channels: > 0, Classes: not null } known)
        {
            return ImageForm.Of(known);
        }

        using var images = DatasetInput.Open(specification.Data, settings);
        return ImageForm.Of(images);
    }

    private static void Load(VelocityNetwork network, string path)
    {
        try
        {
            PublishedWeights.Load(network, SafeTensors.Load(path));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var hint = Path.GetExtension(path) == ".safetensors" ? "" : " A PyTorch file is converted as docs/checkpoints.md says.";
            throw new BadInputException($"{path} cannot be used: {error.Message}{hint}");
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
