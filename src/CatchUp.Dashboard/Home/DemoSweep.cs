namespace CatchUp.Dashboard.Home;

/// <summary>The sweep that a newcomer watches.</summary>
internal static class DemoSweep
{
    /// <summary>Always the same, so that the demo is stored once, however often it is launched.</summary>
    public static Guid RequestId { get; } = new("64656d6f-0000-4000-8000-000000000001");

    public static Task<string> ReadAsync(CancellationToken cancellation) => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "sweeps", "demo.yaml"), cancellation);
}
