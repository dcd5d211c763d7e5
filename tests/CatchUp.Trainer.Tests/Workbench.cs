using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests;

/// <summary>A temporary folder with run files of a network so small that a step takes milliseconds.</summary>
internal sealed class Workbench : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("catchup-trainer-").FullName;

    /// <summary>RK23 with dropout and flips: everything random takes part.</summary>
    public static RunSpecification Tiny { get; } = new()
    {
        Seed = 7,
        Data = new DataSpecification { Dataset = "synthetic", HorizontalFlip = true },
        Network = new NetworkSpecification { Channels = 8, ChannelMultipliers = [1], Blocks = 1, PatchSize = 4, Dropout = 0.2 },
        Objective = new ObjectiveSpecification { Kind = ObjectiveKind.CatchUp, Order = CatchUpOrder.Rk23 },
        Optimizer = new OptimizerSpecification { LearningRate = 2e-3, WarmupSteps = 3 },
        Ema = new EmaSpecification { Decay = 0.9, Warmup = true },
        Training = new TrainingSpecification { Iterations = 24, BatchSize = 8, CheckpointEvery = 5 },
        Evaluation = new EvaluationSpecification { Samples = 0, Nfe = [1, 2] },
        Samples = new SampleSpecification { Images = 0 },
    };

    /// <summary>So long that it has to be stopped.</summary>
    public static RunSpecification Endless { get; } = Tiny with { Training = Tiny.Training with { Iterations = 1_000_000, CheckpointEvery = 1_000_000 } };

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Write(RunSpecification specification, string name = "run.json") => Write(new RunFile { Run = 1, Specification = specification }, name);

    public string Write(RunFile run, string name = "run.json") => WriteText(JsonSerializer.Serialize(run, ContractJson.Indented), name);

    public string WriteText(string text, string name = "run.json")
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
