namespace CatchUp.Dashboard.Home;

/// <summary>The sweep that a newcomer watches: sweeps/demo.yaml, as it was when this program was built.</summary>
internal static class DemoSweep
{
    /// <summary>Always the same, so that the demo is stored once, however often it is launched.</summary>
    public static Guid RequestId { get; } = new("de300000-0000-4000-8000-000000000001");

    public static string Document { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(DemoSweep).Assembly.GetManifestResourceStream("demo.yaml")
            ?? throw new InvalidOperationException("The program was built without sweeps/demo.yaml.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
