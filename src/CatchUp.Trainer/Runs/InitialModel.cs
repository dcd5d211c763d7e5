using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Training;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Runs;

/// <summary>The initial run's model: averaged weights that a run starts from, and a frozen teacher for one that distils.</summary>
internal static class InitialModel
{
    /// <summary>Weights of the extra output heads, by the published names of both kinds of network.</summary>
    private static readonly string[] HeadPrefixes = ["head2.", "head3.", "generator_list."];

    /// <summary>
    /// What to build the initial run's network from, for use beside <paramref name="own"/>: whether a network is fed times or indices
    /// of a grid is a convention of its caller, which the weights know nothing of, so it is the child's.
    /// </summary>
    public static RunSpecification Specification(RunSpecification initial, RunSpecification own) => initial with
    {
        Objective = initial.Objective with { Time = own.Objective.Time, TimeSteps = own.Objective.TimeSteps },
    };

    /// <summary>Loads a snapshot into the initial run's network and freezes it.</summary>
    /// <exception cref="WeightFileRefusedException">The file is missing, torn or was changed.</exception>
    /// <exception cref="InitialModelUnusableException">It is no snapshot of that run.</exception>
    public static void Load(VelocityNetwork network, InitialWeights initial)
    {
        using var scope = NewDisposeScope();
        var weights = WeightFile.Load(initial.File, initial.Sha256, out _);
        try
        {
            NetworkWeights.Load(network, weights);
        }
        catch (InvalidDataException error)
        {
            throw new InitialModelUnusableException($"{initial.File} does not hold the averaged weights of run {initial.Run} at step {initial.Step}. {error.Message}", error);
        }

        NetworkWeights.Freeze(network);
    }

    /// <summary>
    /// Starts a network from the initial run's weights. Heads that only one of them has keep their own weights, or are left behind;
    /// everything else must agree by name and shape.
    /// </summary>
    /// <exception cref="InitialModelUnusableException">The networks differ; the message names the weights.</exception>
    public static void Start(VelocityNetwork network, VelocityNetwork initial, long run)
    {
        using var scope = NewDisposeScope();
        var own = NetworkWeights.Of(network);
        var given = NetworkWeights.Of(initial)
            .Where(pair => own.ContainsKey(pair.Key) || !IsOfHead(pair.Key))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (name, weight) in own.Where(pair => IsOfHead(pair.Key)))
        {
            given.TryAdd(name, weight);
        }

        try
        {
            NetworkWeights.Load(network, given);
        }
        catch (InvalidDataException error)
        {
            throw new InitialModelUnusableException($"The network of the initial run {run} is not this run's. {error.Message}", error);
        }
    }

    private static bool IsOfHead(string weight) => HeadPrefixes.Any(prefix => weight.StartsWith(prefix, StringComparison.Ordinal));
}
