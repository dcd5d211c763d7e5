using CatchUp.Dashboard.Startup;

namespace CatchUp.Dashboard.Tests.Startup;

public sealed class TeamOptionsTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["CATCHUP_DATABASE"] = "Host=db;Database=catchup;Username=catchup",
        ["POSTGRES_PASSWORD"] = "p1",
        ["CATCHUP_BROKER"] = "amqp://broker:5672",
        ["CATCHUP_BROKER_USER"] = "catchup",
        ["RABBITMQ_PASSWORD"] = "p2",
        ["CATCHUP_ADMIN_PASSWORD"] = "p3",
    };

    [Fact]
    public void An_empty_environment_is_the_embedded_set_up()
    {
        var options = Apply([]);

        Assert.Null(options.Team);
        Assert.Null(options.AdminPassword);
    }

    [Fact]
    public void A_complete_environment_is_the_teams_without_a_worker()
    {
        var options = Apply(Complete);

        Assert.Contains("Password=p1", options.Team!.Database, StringComparison.Ordinal);
        Assert.Equal(("p2", "p3", false), (options.Team.Bus.Password, options.AdminPassword, options.Team.Worker));
        Assert.True(Apply(new(Complete) { ["CATCHUP_WORKER"] = "1" }).Team!.Worker);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("RABBITMQ_PASSWORD")]
    [InlineData("CATCHUP_ADMIN_PASSWORD")]
    [InlineData("CATCHUP_BROKER")]
    [InlineData("CATCHUP_BROKER_USER")]
    [InlineData("CATCHUP_DATABASE")]
    public void Whatever_is_missing_or_empty_is_named(string name)
    {
        foreach (var value in new[] { null, "", " " })
        {
            var refused = Assert.Throws<StartupException>(() => Apply(new(Complete) { [name] = value }));
            Assert.StartsWith(name + " is ", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    [Theory]
    [InlineData("Host=db;Database=catchup;Username=catchup;Password=secret", "holds a password")]
    [InlineData("Database=catchup;Username=catchup", "names no Host")]
    [InlineData("Host=db;Username=catchup", "names no Database")]
    [InlineData("Host=db;Database=catchup", "names no Username")]
    [InlineData("nonsense", "cannot be read")]
    [InlineData("Host=db;Nonsense=1", "cannot be read")]
    public void A_database_that_cannot_be_is_told_without_its_secrets(string database, string words)
    {
        var refused = Assert.Throws<StartupException>(() => Apply(new(Complete) { ["CATCHUP_DATABASE"] = database }));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_and_proxies_are_lists()
    {
        var options = Apply(new() { ["CATCHUP_HOSTS"] = "catchup.example; dashboard", ["CATCHUP_PROXIES"] = "10.0.0.2,::1" });

        Assert.Equal(["catchup.example", "dashboard"], options.Hosts);
        Assert.Equal(["10.0.0.2", "::1"], options.Proxies.Select(address => address.ToString()));
        Assert.Contains("CATCHUP_PROXIES", Assert.Throws<StartupException>(() => Apply(new() { ["CATCHUP_PROXIES"] = "proxy" })).Message, StringComparison.Ordinal);
    }

    private static DashboardOptions Apply(Dictionary<string, string?> environment) => EnvironmentVariables.Apply(new DashboardOptions(), environment.GetValueOrDefault);
}
