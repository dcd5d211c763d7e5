using System.Net;

namespace CatchUp.Dashboard.Startup;

/// <summary>What the environment says about this start; the command line has said the rest.</summary>
internal static class EnvironmentVariables
{
    public const string AdminPassword = "CATCHUP_ADMIN_PASSWORD";
    public const string AdminPasswordMissing = $"{AdminPassword} is empty or not set. The team set-up asks people to sign in: set it to the administrator's password; there is no default.";
    public const string Hosts = "CATCHUP_HOSTS";
    public const string Proxies = "CATCHUP_PROXIES";

    private static readonly char[] Separators = [';', ',', ' '];

    /// <exception cref="StartupException">A value is missing or cannot be read.</exception>
    public static DashboardOptions Apply(DashboardOptions options, Func<string, string?> environment) => options with
    {
        Team = TeamOptions.Read(environment),
        AdminPassword = environment(AdminPassword) is { } password && !string.IsNullOrWhiteSpace(password) ? password : null,
        Hosts = List(environment(Hosts)),
        Proxies = [.. List(environment(Proxies)).Select(text => IPAddress.TryParse(text, out var address)
            ? address
            : throw new StartupException($"{Proxies}: '{text}' is no address. List the addresses of the reverse proxies in front of this server, as in 10.0.0.2;10.0.0.3."))],
    };

    private static string[] List(string? text) => (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
