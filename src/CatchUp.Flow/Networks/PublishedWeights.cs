using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>
/// Reads a published PyTorch checkpoint, a state_dict saved as safetensors, into a network. Names are the network's own; what other
/// programs wrap around them or leave out, without a weight being another, is put right.
/// </summary>
public static class PublishedWeights
{
    private const string Filter = "resample_filter", Frequencies = "map_noise.freqs";

    // Of DataParallel, of Lightning and EDM's preconditioning, of torch.compile.
    private static readonly string[] Wrappers = ["module.", "model.", "_orig_mod."];

    /// <summary>Copies <paramref name="published"/> into <paramref name="network"/>, in the network's type and on its device; nothing is changed when it does not fit.</summary>
    /// <exception cref="InvalidDataException">Names are missing or unexpected, or shapes differ; the message names the tensors.</exception>
    public static void Load(nn.Module network, IReadOnlyDictionary<string, Tensor> published)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(published);
        using var scope = NewDisposeScope();
        var own = NetworkWeights.Of(network);
        var weights = Unwrap(published)
            .Where(pair => own.ContainsKey(pair.Key) || !IsFixed(pair.Key))
            .ToDictionary(pair => pair.Key, pair => own.TryGetValue(pair.Key, out var ours) ? Reshape(pair.Value, ours) : pair.Value, StringComparer.Ordinal);

        // Options decide the filters, so a checkpoint may lack them; random frequencies it must have.
        foreach (var (name, filter) in own.Where(pair => pair.Key.EndsWith(Filter, StringComparison.Ordinal)))
        {
            weights.TryAdd(name, filter);
        }

        NetworkWeights.Load(network, weights);
    }

    /// <summary>The tensors without the prefixes that all of them have.</summary>
    private static IReadOnlyDictionary<string, Tensor> Unwrap(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var wrapper = Wrappers.FirstOrDefault(prefix => tensors.Count > 0 && tensors.Keys.All(name => name.StartsWith(prefix, StringComparison.Ordinal)));
        return wrapper is null ? tensors : Unwrap(tensors.ToDictionary(pair => pair.Key[wrapper.Length..], pair => pair.Value, StringComparer.Ordinal));
    }

    /// <summary>No weight: it follows from the options.</summary>
    private static bool IsFixed(string name) => name == Frequencies || name.EndsWith(Filter, StringComparison.Ordinal);

    /// <summary>Attention's convolutions over pixels in a row, [out, in, 1], are 1×1 convolutions.</summary>
    private static Tensor Reshape(Tensor given, Tensor own) =>
        given.dim() == 3 && own.shape.SequenceEqual([.. given.shape, 1]) ? given.unsqueeze(-1) : given;
}
