using System.Text.Json;

namespace CatchUp.Hosting.Bus;

/// <summary>Which bus the process joins.</summary>
public sealed record BusOptions
{
    public BusTransport Transport { get; init; } = BusTransport.InMemory;

    /// <summary>How messages are written: number handling, naming and converters of these options are taken over.</summary>
    public required JsonSerializerOptions Json { get; init; }

    /// <summary>The broker's address, <c>amqp://host:5672/</c>; only for RabbitMQ.</summary>
    public Uri? Broker { get; init; }

    /// <summary>Only for RabbitMQ, and without a default.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }
}
