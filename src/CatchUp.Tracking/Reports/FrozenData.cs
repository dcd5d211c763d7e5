using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;

namespace CatchUp.Tracking.Reports;

/// <summary>A block's data as it was at one moment, with the hash that tells it from any other.</summary>
public sealed class FrozenData
{
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly Lazy<ReportData?> _data;

    private FrozenData(string json, DateTimeOffset at, string server)
    {
        (Json, FrozenAt, Server) = (json, at, server);
        Sha256 = HashOf(json);
        _data = new(() => Read(json));
    }

    /// <summary>What is hashed: this text as UTF-8.</summary>
    public string Json { get; }

    public string Sha256 { get; }

    public DateTimeOffset FrozenAt { get; }

    /// <summary>The version of the server that read it.</summary>
    public string Server { get; }

    /// <summary>Null when a version of this server that is to come wrote it.</summary>
    public ReportData? Data => _data.Value;

    public static FrozenData Of(ReportData data, DateTimeOffset at, string server) => new(JsonOf(data), at, server);

    internal static FrozenData From(ReportBlockEntity entity) => new(entity.Data, new DateTimeOffset(entity.FrozenAt, TimeSpan.Zero), entity.Server);

    /// <summary>The hash that the data has, or would have if it were frozen.</summary>
    public static string HashOf(ReportData data) => HashOf(JsonOf(data));

    private static string HashOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private static string JsonOf(ReportData data) => JsonSerializer.Serialize(data, ContractJson.Options);

    private static ReportData? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ReportData>(json, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
