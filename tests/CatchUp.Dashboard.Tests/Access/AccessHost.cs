using System.Net;
using CatchUp.Dashboard.Startup;
using CatchUp.Worker;
using Microsoft.Extensions.Hosting;

namespace CatchUp.Dashboard.Tests.Access;

/// <summary>The embedded set-up with sign-in on, in this process: what it asks people is the same as the team's.</summary>
public sealed class AccessHost : IAsyncLifetime
{
    public const string Password = "a password for tests";

    /// <summary>An address of this machine that a request can be made to come from.</summary>
    public static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.9");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("catchup-access-");
    private DashboardHost? _dashboard;

    public Uri Address => _dashboard!.Address;

    public IServiceProvider Services => _dashboard!.Services;

    public async ValueTask InitializeAsync() => _dashboard = await DashboardHost.StartAsync(new DashboardOptions
    {
        Home = _home.FullName,
        Urls = "http://127.0.0.1:0",
        AdminPassword = Password,
        Hosts = ["catchup.example"],
        Proxies = [Proxy],
        Trainer = typeof(AccessHost).Assembly.Location,
        Host = builder =>
        {
            var worker = builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(WorkerOptions).Assembly).ToList();
            worker.ForEach(service => builder.Services.Remove(service));
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _home.Delete(recursive: true);
    }
}
