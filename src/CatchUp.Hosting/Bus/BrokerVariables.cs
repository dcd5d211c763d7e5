using System.Text.Json;

namespace CatchUp.Hosting.Bus;

/// <summary>The environment variables that name the broker, the same for server and worker.</summary>
public static class BrokerVariables
{
    public const string Address = "CATCHUP_BROKER";
    public const string User = "CATCHUP_BROKER_USER";
    public const string Password = "RABBITMQ_PASSWORD";

    /// <summary>Reads them. There are no defaults: whatever is missing or wrong is added to <paramref name="problems"/>, and the result is null.</summary>
    public static BusOptions? Read(Func<string, string?> environment, JsonSerializerOptions json, ICollection<string> problems)
    {
        var (address, user, password) = (environment(Address), environment(User), environment(Password));
        var before = problems.Count;
        Uri? broker = null;
        if (string.IsNullOrWhiteSpace(address))
        {
            problems.Add($"{Address} is not set. Set it to RabbitMQ's address, as in amqp://broker.example:5672.");
        }
        else if (!Uri.TryCreate(address, UriKind.Absolute, out broker) || broker.Scheme is not ("amqp" or "amqps") || broker.Host.Length == 0)
        {
            problems.Add($"{Address} is no address of RabbitMQ. Write it as amqp://broker.example:5672, or amqps:// with TLS.");
        }
        else if (broker.UserInfo.Length > 0)
        {
            problems.Add($"{Address} holds a user or password. Put the user into {User} and the password into {Password}: addresses are logged.");
        }

        if (string.IsNullOrWhiteSpace(user))
        {
            problems.Add($"{User} is not set. Set it to the user RabbitMQ knows this program by.");
        }

        if (string.IsNullOrWhiteSpace(password))
        {
            problems.Add($"{Password} is empty or not set. Set it to the password of RabbitMQ's user; there is no default.");
        }

        return problems.Count > before ? null : new BusOptions { Transport = BusTransport.RabbitMq, Json = json, Broker = broker, User = user, Password = password };
    }
}
