using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Training;
using CatchUp.Flow.Weights;

namespace CatchUp.Trainer.Input;

/// <summary>A snapshot that is given by hand as the initial run's model. Snapshots say themselves what network they are of.</summary>
internal static class InitialSnapshot
{
    private const string SpecificationKey = "run_specification", StepKey = "step";

    /// <summary>What a run's snapshots say of it, to be read back by <see cref="Read"/>.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(RunSpecification specification) =>
        new Dictionary<string, string> { [SpecificationKey] = JsonSerializer.Serialize(specification, ContractJson.Options) };

    /// <summary>A snapshot with a sidecar is checked by its hash; one that was downloaded alone is taken as it is.</summary>
    /// <exception cref="BadInputException">Not there, or no snapshot that says what it is.</exception>
    public static InitialWeights Read(string path)
    {
        try
        {
            var sha256 = File.Exists(WeightFile.SidecarPath(path)) ? WeightFile.Find(path).Sha256 : HashOf(path);
            var metadata = SafeTensors.LoadMetadata(path);
            return metadata.TryGetValue(SpecificationKey, out var specification)
                ? new InitialWeights(0, int.Parse(metadata[StepKey], CultureInfo.InvariantCulture), Path.GetFullPath(path), sha256, JsonSerializer.Deserialize<RunSpecification>(specification, ContractJson.Options)!)
                : throw new BadInputException($"{path} does not say what run it is of: it is no snapshot, or one of an older trainer. Give a snapshot-*.safetensors file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or FormatException or KeyNotFoundException or WeightFileRefusedException)
        {
            throw new BadInputException($"The snapshot {path} cannot be used: {error.Message}");
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
