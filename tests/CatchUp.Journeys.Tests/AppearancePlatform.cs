using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>A product with something on every page: a finished sweep, a run that runs and one that waits.</summary>
public sealed class AppearancePlatform : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private PlatformProcess? _platform;

    internal Uri Address => _platform!.Address;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _platform = new PlatformProcess(_home.Path);
        await _platform.StartAsync(cancellation);
        await _platform.Api.SubmitAsync(TinySweep.TwoRuns(name: "\"<script>alert('name')</script>\"", iterations: 40), cancellation);
        await _platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);
        await _platform.Api.SubmitAsync(TinySweep.TwoRuns(name: "endless", iterations: 50_000, checkpointEvery: 10_000), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        _home.Dispose();
    }
}
