using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CatchUp.Contracts;
using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>What a sweep demands of a slot beside the data: <c>requires: { labels: [a100], memory: 20GiB, device: cuda }</c>.</summary>
internal sealed record SweepRequirements
{
    /// <summary>All of them, in the order of the alphabet; case does not matter.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public long MemoryBytes { get; init; }

    /// <summary>cpu or cuda; null: any.</summary>
    public string? Device { get; init; }

    [JsonIgnore]
    public bool IsEmpty => Labels.Count == 0 && MemoryBytes == 0 && Device is null;

    /// <summary>As it is stored; equal demands are equal texts. Null for none.</summary>
    [JsonIgnore]
    public string? Json => IsEmpty ? null : JsonSerializer.Serialize(this, ContractJson.Options);

    public static SweepRequirements Read(string? json) => json is null ? new() : JsonSerializer.Deserialize<SweepRequirements>(json, ContractJson.Options) ?? new();

    /// <summary>"20GiB", "512 MB", "8000000000"; null when it is no size.</summary>
    public static long? Bytes(string text)
    {
        var letters = text.Trim().TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.').Trim();
        var digits = text.Trim()[..^letters.Length].Trim();
        double? unit = letters.ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            "KIB" => 1024,
            "MIB" => 1024 * 1024,
            "GIB" => 1024d * 1024 * 1024,
            "TIB" => 1024d * 1024 * 1024 * 1024,
            _ => null,
        };
        return unit is { } factor && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor is >= 1 and < 1e18 ? (long)(number * factor) : null;
    }

    public bool Fits(WorkerCapabilities slot) =>
        MemoryBytes <= slot.MemoryBytes && HasDevice(slot) && Labels.All(label => slot.Labels.Contains(label, StringComparer.OrdinalIgnoreCase));

    /// <summary>The first demand that none of the slots meets, in words: "label a100"; null when each is met by some slot.</summary>
    public string? Unmet(IReadOnlyCollection<WorkerCapabilities> slots)
    {
        if (Labels.FirstOrDefault(label => !slots.Any(slot => slot.Labels.Contains(label, StringComparer.OrdinalIgnoreCase))) is { } label)
        {
            return $"needs a worker with label {label}; none has it";
        }

        if (Device is not null && !slots.Any(HasDevice))
        {
            return $"needs a worker with a {Device} device; none has one";
        }

        return MemoryBytes > 0 && slots.All(slot => slot.MemoryBytes < MemoryBytes)
            ? $"needs a worker with {Size(MemoryBytes)} of memory; the largest has {Size(slots.Count == 0 ? 0 : slots.Max(slot => slot.MemoryBytes))}"
            : null;
    }

    /// <summary>"label a100, 20 GiB of memory, a cuda device".</summary>
    public override string ToString() => string.Join(", ", Labels.Select(label => $"label {label}").Concat(MemoryBytes > 0 ? [$"{Size(MemoryBytes)} of memory"] : []).Concat(Device is null ? [] : [$"a {Device} device"]));

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{(bytes / (double)(1L << 30)).ToString("0.#", CultureInfo.InvariantCulture)} GiB" : $"{(bytes / (double)(1L << 20)).ToString("0.#", CultureInfo.InvariantCulture)} MiB";

    private bool HasDevice(WorkerCapabilities slot) => Device is null || slot.Device.Split(':')[0] == Device;
}
