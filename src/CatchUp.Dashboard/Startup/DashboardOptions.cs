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

    /// <summary>The trainer's program; null takes <c>CATCHUP_TRAINER</c> or the one that was built with the dashboard.</summary>
    public string? Trainer { get; init; }

    /// <summary>Last word on the worker in this process.</summary>
    public Action<WorkerOptions>? Worker { get; init; }

    /// <summary>Last word on the host, before it is built.</summary>
    public Action<WebApplicationBuilder>? Host { get; init; }
}
