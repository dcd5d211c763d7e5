using System.Collections.Concurrent;
using CatchUp.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Hears every message on its exchange, and publishes it there once more after a while.</summary>
internal sealed class Repeater
{
    /// <summary>What workers and server say to each other while a run is made.</summary>
    public static readonly IReadOnlyList<string> Messages = ["RequestRun", "ShipJournal", "Heartbeat"];

    private const string Mark = "repeated-by-the-test";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly ConcurrentDictionary<string, int> _repeated = new();
    private readonly ConcurrentBag<Task> _underWay = [];
    private readonly Random _random;

    private Repeater(IConnection connection, int seed) => (_connection, _random) = (connection, new Random(seed));

    public static async Task<Repeater> StartAsync(RabbitMqServer broker, int seed, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory { Uri = broker.Address, UserName = broker.User, Password = broker.Password };
        var repeater = new Repeater(await factory.CreateConnectionAsync(cancellation), seed);
        foreach (var message in Messages)
        {
            await repeater.ListenAsync(message, cancellation);
        }

        return repeater;
    }

    /// <returns>How many of each were repeated.</returns>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        await Task.WhenAll(_underWay);
        await _connection.DisposeAsync();
        return _repeated;
    }

    private async Task ListenAsync(string message, CancellationToken cancellation)
    {
        var channel = await _connection.CreateChannelAsync(cancellationToken: cancellation);
        var exchange = "CatchUp.Contracts.Workers:" + message;
        await channel.ExchangeDeclarePassiveAsync(exchange, cancellation);
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancellation);
        await channel.QueueBindAsync(queue.QueueName, exchange, "", cancellationToken: cancellation);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            if (delivery.BasicProperties.Headers?.ContainsKey(Mark) != true)
            {
                // Its buffer is the client's own after this handler.
                _underWay.Add(RepeatAsync(channel, exchange, message, new BasicProperties(delivery.BasicProperties), delivery.Body.ToArray()));
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellation);
    }

    private async Task RepeatAsync(IChannel channel, string exchange, string message, BasicProperties properties, byte[] body)
    {
        TimeSpan delay;
        lock (_random)
        {
            delay = Longest * _random.NextDouble();
        }

        await Task.Delay(delay, CancellationToken.None);
        properties.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>()) { [Mark] = true };
        await channel.BasicPublishAsync(exchange, "", mandatory: false, properties, body, CancellationToken.None);
        _repeated.AddOrUpdate(message, 1, (_, count) => count + 1);
    }
}
