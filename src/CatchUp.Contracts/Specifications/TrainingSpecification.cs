using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum TrainingPrecision
{
    [JsonStringEnumMemberName("fp32")] Fp32,

    /// <summary>bfloat16 in the network's torso over float32 weights.</summary>
    [JsonStringEnumMemberName("bf16")] Bf16,
}

public sealed record TrainingSpecification
{
    [Key("Optimizer updates of the run.", Minimum = 1, Maximum = 100_000_000)]
    public int Iterations { get; init; } = 1000;

    [Key("Images per update.", Minimum = 1, Maximum = 65_536)]
    public int BatchSize { get; init; } = 64;

    [Key("Updates between two points of the loss curve.", Minimum = 1, Maximum = 1_000_000)]
    public int LogEvery { get; init; } = 1;

    [Key("Updates between two checkpoints. A run that loses its worker goes on from the last one.", Minimum = 1, Maximum = 100_000_000)]
    public int CheckpointEvery { get; init; } = 100;

    [Key("How many of the latest checkpoints are kept, beside the best.", Minimum = 1, Maximum = 1000)]
    public int KeepCheckpoints { get; init; } = 2;

    [Key("What the network's torso computes in while training: fp32, or bf16 over fp32 weights, with normalisation, softmax, heads and loss in fp32. bf16 is for CUDA; on a CPU it is slower. Evaluations are fp32.")]
    public TrainingPrecision Precision { get; init; }
}
