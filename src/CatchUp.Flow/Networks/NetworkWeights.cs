using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>Moves weights into and out of a network by name.</summary>
public static class NetworkWeights
{
    private const int NamesInMessage = 5;

    /// <summary>A network's parameters and buffers by name. They are the network's own tensors, not copies.</summary>
    public static Dictionary<string, Tensor> Of(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, parameter) in network.named_parameters())
        {
            weights.Add(name, parameter);
        }

        foreach (var (name, buffer) in network.named_buffers())
        {
            weights.Add(name, buffer);
        }

        return weights;
    }

    /// <summary>Copies <paramref name="weights"/> into <paramref name="network"/>; nothing is changed when they do not fit.</summary>
    /// <exception cref="InvalidDataException">Names are missing or unexpected, shapes differ, or a fixed resampling filter is another; the message names the tensors.</exception>
    public static void Load(nn.Module network, IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        var own = Of(network);
        var problems = new List<string>();
        Report("missing", own.Keys.Where(name => !weights.ContainsKey(name)));
        Report("unexpected", weights.Keys.Where(name => !own.ContainsKey(name)));
        Report("of another shape", own
            .Where(pair => weights.TryGetValue(pair.Key, out var given) && !given.shape.SequenceEqual(pair.Value.shape))
            .Select(pair => $"{pair.Key} ([{string.Join(", ", weights[pair.Key].shape)}] instead of [{string.Join(", ", pair.Value.shape)}])"));
        if (problems.Count == 0)
        {
            // The network's options decide these; weights trained with others would silently compute something else.
            Report("another resampling filter than the network's", own
                .Where(pair => pair.Key.EndsWith("resample_filter", StringComparison.Ordinal) && !IsSame(pair.Value, weights[pair.Key]))
                .Select(pair => pair.Key));
        }

        if (problems.Count > 0)
        {
            throw new InvalidDataException($"The weights do not fit the network: {string.Join("; ", problems)}.");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in own)
        {
            tensor.copy_(weights[name]);
        }

        void Report(string problem, IEnumerable<string> names)
        {
            var all = names.Order(StringComparer.Ordinal).ToList();
            if (all.Count > 0)
            {
                var more = all.Count > NamesInMessage ? $" and {all.Count - NamesInMessage} more" : string.Empty;
                problems.Add($"{problem}: {string.Join(", ", all.Take(NamesInMessage))}{more}");
            }
        }
    }

    /// <summary>Makes a network one that is only learned from: in evaluation mode, and no gradient is kept for its weights.</summary>
    public static void Freeze(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.eval();
        foreach (var parameter in network.parameters())
        {
            parameter.requires_grad_(false);
        }
    }

    private static bool IsSame(Tensor own, Tensor given)
    {
        using var scope = NewDisposeScope();
        return own.cpu().allclose(given.cpu().to(own.dtype), 1e-6, 1e-6);
    }
}
