using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Hosting.Bus;

public static class BusRegistration
{
    /// <summary>
    /// Joins the bus. Consumers registered with <c>AddConsumer</c> get a durable queue that all processes share: commands and
    /// questions. Those registered with <see cref="AddNewsConsumer{TConsumer}"/> get a queue of this process alone.
    /// Register services that need a started bus after this.
    /// </summary>
    public static IServiceCollection AddBus(this IServiceCollection services, BusOptions options, Action<IBusRegistrationConfigurator> register)
    {
        services.AddMassTransit(bus =>
        {
            bus.SetKebabCaseEndpointNameFormatter();
            // MassTransit reports its use to its maker otherwise; nothing here calls home.
            bus.DisableUsageTelemetry();
            // Every request is repeated by whoever asked, from a journal on disk: a queue of failed copies would only grow.
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                endpoint.DiscardFaultedMessages();
                endpoint.DiscardSkippedMessages();
            });
            register(bus);
            UseTransport(bus, options);
        });
        services.Configure<MassTransitHostOptions>(host =>
        {
            // What is published before the consumers' queues exist is lost.
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(2);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(1);
        });
        return services;
    }

    /// <summary>Registers a consumer of news on a temporary queue of this process, so that every process hears every piece.</summary>
    public static void AddNewsConsumer<TConsumer>(this IBusRegistrationConfigurator bus)
        where TConsumer : class, IConsumer =>
        bus.AddConsumer<TConsumer>().Endpoint(endpoint =>
        {
            endpoint.Temporary = true;
            endpoint.InstanceId = NewId.NextGuid().ToString("N");
        });

    private static void UseTransport(IBusRegistrationConfigurator bus, BusOptions options)
    {
        if (options.Transport == BusTransport.InMemory)
        {
            bus.UsingInMemory((context, transport) =>
            {
                transport.ConfigureJsonSerializerOptions(defaults => Merge(defaults, options.Json));
                transport.ConfigureEndpoints(context);
            });
            return;
        }

        if (options is not { Broker: { } broker, User: { Length: > 0 } user, Password: { Length: > 0 } password })
        {
            throw new ArgumentException("The transport RabbitMQ needs the broker's address, a user and a password.", nameof(options));
        }

        bus.UsingRabbitMq((context, transport) =>
        {
            transport.Host(broker, host =>
            {
                host.Username(user);
                host.Password(password);
                if (broker.Scheme == "amqps")
                {
                    host.UseSsl(tls => tls.ServerName = broker.Host);
                }
            });
            transport.ConfigureJsonSerializerOptions(defaults => Merge(defaults, options.Json));
            transport.ConfigureEndpoints(context);
        });
    }

    /// <summary>MassTransit's own converters and resolvers stay: its envelope needs them.</summary>
    private static JsonSerializerOptions Merge(JsonSerializerOptions defaults, JsonSerializerOptions wanted)
    {
        var merged = new JsonSerializerOptions(defaults)
        {
            Encoder = wanted.Encoder,
            NumberHandling = defaults.NumberHandling | wanted.NumberHandling,
            PropertyNamingPolicy = wanted.PropertyNamingPolicy,
            PropertyNameCaseInsensitive = true,
        };
        for (var i = 0; i < wanted.Converters.Count; i++)
        {
            if (!merged.Converters.Any(converter => converter.GetType() == wanted.Converters[i].GetType()))
            {
                merged.Converters.Insert(i, wanted.Converters[i]);
            }
        }

        return merged;
    }
}
