namespace CatchUp.Journeys.Tests.Platform;

/// <summary>A product as it comes. Whoever shares it leaves it empty.</summary>
public sealed class EmptyPlatform : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private PlatformProcess _platform = null!;

    internal PlatformApi Api => _platform.Api;

    public async ValueTask InitializeAsync()
    {
        _platform = new PlatformProcess(_home.Path);
        await _platform.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        _home.Dispose();
    }
}
