using System.Text.Json;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>A case's description and tensors.</summary>
internal sealed class ParityCase : IDisposable
{
    private const long MaximumDescriptionBytes = 16 << 20;

    private readonly string _folder;
    private readonly Device _device;
    private readonly JsonDocument _description;
    private Dictionary<string, Tensor> _tensors = [];

    private ParityCase(string folder, Device device, JsonDocument description)
    {
        _folder = folder;
        _device = device;
        _description = description;
        Kind = Text(description.RootElement, "kind");
    }

    /// <summary>Which quantity the case is about.</summary>
    public string Kind { get; }

    public JsonElement Description => _description.RootElement;

    public double Tolerance => Number(Description, "tolerance");

    /// <summary>Reads the description.</summary>
    /// <exception cref="InvalidDataException">It is missing, or not what this reader understands.</exception>
    public static ParityCase Open(string folder, Device device)
    {
        var file = new FileInfo(Path.Combine(folder, "case.json"));
        if (!file.Exists || file.Length > MaximumDescriptionBytes)
        {
            throw new InvalidDataException(file.Exists ? $"case.json has {file.Length} bytes, more than a description can have" : "case.json is missing");
        }

        JsonDocument description;
        try
        {
            description = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"case.json is no JSON: {error.Message}", error);
        }

        try
        {
            return new ParityCase(folder, device, description);
        }
        catch
        {
            description.Dispose();
            throw;
        }
    }

    /// <summary>Reads the tensors to the device.</summary>
    public void LoadTensors()
    {
        var path = Path.Combine(_folder, "tensors.safetensors");
        if (!File.Exists(path))
        {
            throw new InvalidDataException("tensors.safetensors is missing");
        }

        using var stream = File.OpenRead(path);
        _tensors = SafeTensors.Load(stream, "tensors.safetensors", _device);
    }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="InvalidDataException">The case has none.</exception>
    public Tensor Tensor(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new InvalidDataException($"tensors.safetensors has no tensor '{name}'");

    public bool HasTensor(string name) => _tensors.ContainsKey(name);

    /// <summary>The tensors whose names begin with a prefix, by what follows it.</summary>
    public IEnumerable<(string Name, Tensor Value)> TensorsUnder(string prefix) => _tensors
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => (pair.Key[prefix.Length..], pair.Value));

    /// <summary>The network of the case's <c>config</c> with its weights: <c>param.*</c>, and <c>head2.*</c>, <c>head3.*</c> for the extra heads.</summary>
    /// <param name="prefix">What the weights' names begin with, where a case has several networks.</param>
    public SongUNet Network(string prefix = "param.")
    {
        var heads = (int)NumberOr(Description, "heads", 1);
        var weights = WeightsUnder(prefix);
        for (var head = 2; head <= heads; head++)
        {
            foreach (var (name, value) in TensorsUnder($"head{head}."))
            {
                weights.Add($"head{head}.{name}", value);
            }
        }

        return Loaded(new SongUNet(SongUNetConfiguration.Read(Member(Description, "config"), heads)), weights);
    }

    /// <summary>The network of another configuration of the case, such as <c>encoder_config</c>, with the weights under a prefix.</summary>
    public SongUNet NetworkOf(string config, string prefix) =>
        Loaded(new SongUNet(SongUNetConfiguration.Read(Member(Description, config), heads: 1)), WeightsUnder(prefix));

    /// <summary>The ADM network of the case's <c>config</c> with its weights, <c>param.*</c>.</summary>
    public AdmUNet AdmNetwork() =>
        Loaded(new AdmUNet(AdmUNetConfiguration.Read(Member(Description, "config"))), WeightsUnder("param."));

    public static bool Has(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out _);

    public static JsonElement Member(JsonElement parent, string name) =>
        Has(parent, name)
            ? parent.GetProperty(name)
            : throw new InvalidDataException($"case.json has no '{name}'");

    public static double Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDouble()
            : throw new InvalidDataException($"'{name}' in case.json is no number");

    public static double NumberOr(JsonElement parent, string name, double otherwise) =>
        Has(parent, name) ? Number(parent, name) : otherwise;

    public static string Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value
            ? value.GetString()!
            : throw new InvalidDataException($"'{name}' in case.json is no text");

    public static string TextOr(JsonElement parent, string name, string otherwise) =>
        Has(parent, name) ? Text(parent, name) : otherwise;

    public static bool Flag(JsonElement parent, string name) =>
        Member(parent, name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new InvalidDataException($"'{name}' in case.json is neither true nor false"),
        };

    public static IReadOnlyList<double> Numbers(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } array && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. array.EnumerateArray().Select(item => item.GetDouble())]
            : throw new InvalidDataException($"'{name}' in case.json is no list of numbers");

    public void Dispose()
    {
        _description.Dispose();
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private Dictionary<string, Tensor> WeightsUnder(string prefix) =>
        TensorsUnder(prefix).ToDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal);

    private TNetwork Loaded<TNetwork>(TNetwork network, Dictionary<string, Tensor> weights)
        where TNetwork : VelocityNetwork
    {
        try
        {
            network.to(_device);
            NetworkWeights.Load(network, weights);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
