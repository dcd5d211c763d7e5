using CatchUp.Contracts.Sweeps;
using CatchUp.Hosting.Bus;
using MassTransit;

namespace CatchUp.Dashboard.Startup;

/// <summary>Submits sweeps/demo.yaml as a user would, over the bus, always with the same request id: the second time nothing happens.</summary>
internal static class DemoSweep
{
    private static readonly Guid RequestId = new("64656d6f-0000-4000-8000-000000000001");

    private static string File => Path.Combine(AppContext.BaseDirectory, "sweeps", "demo.yaml");

    /// <summary>Fails early, before anything is started.</summary>
    /// <exception cref="StartupException">The file did not come with the program.</exception>
    public static void EnsureThere()
    {
        if (!System.IO.File.Exists(File))
        {
            throw new StartupException($"--demo: {File} is not there. Build the dashboard again, or start without --demo.");
        }
    }

    /// <exception cref="StartupException">It was refused.</exception>
    public static async Task<SweepAccepted> SubmitAsync(IBus bus, CancellationToken cancellation)
    {
        var submit = new SubmitSweep { RequestId = RequestId, Document = await System.IO.File.ReadAllTextAsync(File, cancellation), Owner = "demo" };
        var answer = await bus.AskAsync<SubmitSweep, SweepAccepted, SweepRefused>(submit, TimeSpan.FromSeconds(30), cancellation);
        if (answer.Is(out Response<SweepAccepted>? accepted))
        {
            return accepted.Message;
        }

        answer.Is(out Response<SweepRefused>? refused);
        var problems = refused!.Message.Problems.Select(problem => $"  line {problem.Line}: {problem.Path}: {problem.Message}");
        throw new StartupException(string.Join(Environment.NewLine, [$"The demo sweep {File} was refused:", .. problems]));
    }
}
