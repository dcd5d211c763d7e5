using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CatchUp.Hosting.Bus;

/// <summary>Waits for the broker before the bus is started, so that its being late is said in words.</summary>
public static partial class BrokerWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the broker lets this process in; at once for a bus without a broker. Says that it waits at the first failure and every half minute.</summary>
    /// <exception cref="BrokerRefusedException">It refuses the user.</exception>
    public static async Task UntilReachableAsync(BusOptions options, ILogger logger, CancellationToken cancellation)
    {
        if (options.Transport == BusTransport.InMemory)
        {
            return;
        }

        var broker = options.Broker!;
        var factory = new ConnectionFactory
        {
            HostName = broker.Host,
            Port = broker.IsDefaultPort || broker.Port <= 0 ? AmqpTcpEndpoint.UseDefaultPort : broker.Port,
            VirtualHost = broker.AbsolutePath is "/" or "" ? "/" : Uri.UnescapeDataString(broker.AbsolutePath[1..]),
            UserName = options.User!,
            Password = options.Password!,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
        if (broker.Scheme == "amqps")
        {
            factory.Ssl = new SslOption(broker.Host) { Enabled = true };
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var connection = await factory.CreateConnectionAsync(cancellation);
                await using (connection)
                {
                    await connection.CloseAsync(cancellation);
                }

                return;
            }
            catch (BrokerUnreachableException problem) when (Refusal(problem) is { } refusal)
            {
                throw new BrokerRefusedException($"RabbitMQ at {broker.Authority} refuses the user '{options.User}' ({refusal.Message.TrimEnd('.')}). Check CATCHUP_BROKER_USER and RABBITMQ_PASSWORD.", problem);
            }
            catch (Exception problem) when (problem is BrokerUnreachableException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                if (attempt % 15 == 0)
                {
                    Log.Waiting(logger, broker.Authority, Reason(problem));
                }
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static Exception? Refusal(Exception? problem) => problem switch
    {
        null => null,
        AuthenticationFailureException or PossibleAuthenticationFailureException => problem,
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotAllowed or Constants.AccessRefused } => problem,
        _ => Refusal(problem.InnerException),
    };

    private static string Reason(Exception problem)
    {
        while (problem.InnerException is { } inner)
        {
            problem = inner;
        }

        return problem.Message.TrimEnd('.');
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for RabbitMQ at {Broker}: {Reason}. Trying again every 2 s; CATCHUP_BROKER says where it is looked for")]
        public static partial void Waiting(ILogger logger, string broker, string reason);
    }
}
