namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>A data folder that goes with its test.</summary>
internal sealed class TestHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("catchup-home-").FullName;

    /// <summary>Stands in for the trainer where a test is not about training.</summary>
    public static string Trainer { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Startup", "steady-trainer.sh");

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
