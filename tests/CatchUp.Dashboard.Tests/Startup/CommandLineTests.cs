using CatchUp.Dashboard.Startup;

namespace CatchUp.Dashboard.Tests.Startup;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_takes_every_option_in_both_spellings()
    {
        Assert.Equal(new DashboardOptions { Demo = true, Urls = "http://localhost:1", Home = "a b" }, CommandLine.Parse(["--demo", "--urls", "http://localhost:1", "--home=a b"]));
        Assert.Equal(new DashboardOptions { MigrateFrom = "catchup.db", NewToken = "script" }, CommandLine.Parse(["--migrate-from=catchup.db", "--new-token", "script"]));
    }

    [Theory]
    [InlineData("Unknown option '--port'. Known are --demo, --urls, --home, --migrate-from, --new-token and --help.", "--port", "5")]
    [InlineData("Unknown option 'demo'. Known are --demo, --urls, --home, --migrate-from, --new-token and --help.", "demo")]
    [InlineData("The option --urls needs a value. --help lists the options.", "--urls")]
    [InlineData("The option --urls needs a value. --help lists the options.", "--urls", "--demo")]
    [InlineData("The option --home needs a value. --help lists the options.", "--home=")]
    [InlineData("Unknown option '--demo=yes'. Known are --demo, --urls, --home, --migrate-from, --new-token and --help.", "--demo=yes")]
    public void Parse_refuses_in_one_line(string message, params string[] args)
    {
        Assert.Equal(message, Assert.Throws<StartupException>(() => CommandLine.Parse(args)).Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", 1)]
    [InlineData("http://localhost:5080;http://[::1]:5081", 2)]
    [InlineData("http://127.8.9.1:0", 1)]
    public void Addresses_of_this_machine_are_taken(string urls, int count)
    {
        Assert.Equal(count, ListenAddresses.Parse(urls).Count);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", "would be open to other machines")]
    [InlineData("http://[::]:5080", "would be open to other machines")]
    [InlineData("http://*:5080", "is not an address")]
    [InlineData("http://+:5080", "is not an address")]
    [InlineData("http://192.168.0.7:5080", "would be open to other machines")]
    [InlineData("http://localhost.evil.example:5080", "would be open to other machines")]
    [InlineData("http://127.0.0.1.evil.example:5080", "would be open to other machines")]
    [InlineData("https://127.0.0.1:5080", "https")]
    [InlineData("http://127.0.0.1:99999", "is not an address")]
    [InlineData("http://127.0.0.1:5080/base", "has a path")]
    [InlineData("http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("5080", "is not an address")]
    [InlineData(" ; ", "is empty")]
    public void Other_addresses_are_refused_in_words(string urls, string words)
    {
        Assert.Contains(words, Assert.Throws<StartupException>(() => ListenAddresses.Parse(urls)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://192.168.0.7:5080")]
    [InlineData("https://0.0.0.0:443")]
    public void With_sign_in_other_machines_are_let_in(string urls)
    {
        Assert.Single(ListenAddresses.Parse(urls, signIn: true));
    }

    [Fact]
    public void With_sign_in_a_name_is_still_no_address_to_listen_on()
    {
        Assert.Contains("CATCHUP_HOSTS", Assert.Throws<StartupException>(() => ListenAddresses.Parse("http://catchup.example:5080", signIn: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_bad_addresses_are_named_at_once()
    {
        var message = Assert.Throws<StartupException>(() => ListenAddresses.Parse("http://0.0.0.0:1;http://127.0.0.1:2;https://localhost:3")).Message;

        Assert.Equal(2, message.Split(Environment.NewLine).Length);
    }
}
