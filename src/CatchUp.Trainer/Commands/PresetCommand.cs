using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary><c>preset NAME</c>: prints a preset with every default filled in.</summary>
internal static class PresetCommand
{
    public static int Run(string[] args)
    {
        var name = new Arguments(args, [], []).Single("preset");
        var specification = Find(name).Specification.DeepClone().AsObject();
        specification["preset"] = JsonValue.Create(name);
        Console.WriteLine(JsonSerializer.Serialize(specification.Deserialize<RunSpecification>(ContractJson.Options), ContractJson.Indented));
        return ExitStatus.Done;
    }

    /// <exception cref="BadInputException">There is no such preset.</exception>
    public static Preset Find(string name) => PresetCatalog.Find(name)
        ?? throw new BadInputException($"There is no preset '{name}'. Known are {string.Join(", ", PresetCatalog.All.Select(known => known.Name))}.");
}
