using CatchUp.Contracts;
using CatchUp.Hosting.Bus;

namespace CatchUp.Hosting.Tests.Bus;

public sealed class BrokerVariablesTests
{
    private static readonly Dictionary<string, string?> Complete = new() { ["CATCHUP_BROKER"] = "amqp://broker.example:5673", ["CATCHUP_BROKER_USER"] = "catchup", ["RABBITMQ_PASSWORD"] = "p" };

    [Fact]
    public void A_complete_environment_gives_the_broker()
    {
        var options = Read(Complete, out var problems);

        Assert.Empty(problems);
        Assert.Equal((BusTransport.RabbitMq, new Uri("amqp://broker.example:5673"), "catchup", "p"), (options!.Transport, options.Broker, options.User, options.Password));
    }

    [Theory]
    [InlineData("CATCHUP_BROKER", null, "CATCHUP_BROKER is not set.")]
    [InlineData("CATCHUP_BROKER", "broker", "CATCHUP_BROKER is no address of RabbitMQ.")]
    [InlineData("CATCHUP_BROKER", "http://broker", "CATCHUP_BROKER is no address of RabbitMQ.")]
    [InlineData("CATCHUP_BROKER", "amqp://me:secret@broker", "CATCHUP_BROKER holds a user or password.")]
    [InlineData("CATCHUP_BROKER_USER", "", "CATCHUP_BROKER_USER is not set.")]
    [InlineData("RABBITMQ_PASSWORD", null, "RABBITMQ_PASSWORD is empty or not set.")]
    [InlineData("RABBITMQ_PASSWORD", "", "RABBITMQ_PASSWORD is empty or not set.")]
    [InlineData("RABBITMQ_PASSWORD", "  ", "RABBITMQ_PASSWORD is empty or not set.")]
    public void What_is_missing_is_named(string name, string? value, string words)
    {
        Assert.Null(Read(new Dictionary<string, string?>(Complete) { [name] = value }, out var problems));

        Assert.StartsWith(words, Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once()
    {
        Assert.Null(Read([], out var problems));

        Assert.Equal(3, problems.Count);
    }

    private static BusOptions? Read(Dictionary<string, string?> environment, out List<string> problems) => BrokerVariables.Read(environment.GetValueOrDefault, ContractJson.Options, problems = []);
}
