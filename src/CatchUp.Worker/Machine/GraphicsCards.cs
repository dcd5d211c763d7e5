using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Machine;

/// <summary>What nvidia-smi says of the cards. It can take seconds, and hang with a broken driver, so nobody waits for it but at the start.</summary>
internal sealed class GraphicsCards(IOptions<WorkerOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30), Limit = TimeSpan.FromSeconds(10);

    private readonly bool wanted = options.Value.Devices.Any(device => device.StartsWith("cuda", StringComparison.Ordinal));
    private readonly Lock gate = new();
    private Task measuring = Task.CompletedTask;

    /// <summary>The last look: when it began, and what there was.</summary>
    public (long At, IReadOnlyList<GraphicsCard> Cards) Last { get; private set; } = (0, []);

    /// <summary>Begins a new look if the last one is old.</summary>
    public void Refresh()
    {
        lock (gate)
        {
            if (wanted && measuring.IsCompleted && clock.GetElapsedTime(Last.At) > Age)
            {
                measuring = MeasureAsync(CancellationToken.None);
            }
        }
    }

    public async Task MeasureAsync(CancellationToken cancellation)
    {
        if (!wanted)
        {
            return;
        }

        var at = clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", [$"--query-gpu={GraphicsCard.Query}", "--format=csv,noheader,nounits"]) { RedirectStandardOutput = true })!;
            try
            {
                Last = (at, GraphicsCard.Parse(await process.StandardOutput.ReadToEndAsync(limit.Token)));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                Last = (at, Last.Cards);
            }
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException or IOException)
        {
            // No such program: the memory stays unknown.
            Last = (at, []);
        }
    }
}
