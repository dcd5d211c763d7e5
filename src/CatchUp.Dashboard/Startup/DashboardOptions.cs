using System.Net;
using CatchUp.Worker;

namespace CatchUp.Dashboard.Startup;

/// <summary>What a start of the dashboard is told.</summary>
public sealed record DashboardOptions
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The data folder; null takes <c>CATCHUP_HOME</c> or the user's local application data.</summary>
    public string? Home { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = DefaultUrl;

    /// <summary>Submit sweeps/demo.yaml, once.</summary>
    public bool Demo { get; init; }

    /// <summary>An embedded set-up's database to copy into the team's, instead of serving.</summary>
    public string? MigrateFrom { get; init; }

    /// <summary>Name of an access token to make, instead of serving.</summary>
    public string? NewToken { get; init; }

    /// <summary>The trainer's program; null takes <c>CATCHUP_TRAINER</c> or the one that was built with the dashboard.</summary>
    public string? Trainer { get; init; }

    /// <summary>The team set-up; null is the embedded one.</summary>
    public TeamOptions? Team { get; init; }

    /// <summary>Turns sign-in on, and is needed for the team set-up and for addresses that other machines can reach.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>Names this server may be called by when sign-in is on, besides its addresses as numbers; "*" takes any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Reverse proxies in front of this server.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>Last word on the worker in this process.</summary>
    public Action<WorkerOptions>? Worker { get; init; }

    /// <summary>Last word on the host, before it is built.</summary>
    public Action<WebApplicationBuilder>? Host { get; init; }
}
