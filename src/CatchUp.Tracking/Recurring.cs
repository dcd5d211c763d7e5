namespace CatchUp.Tracking;

/// <summary>What background services do again and again until the server stops. It outlives every outage: what fails is told, and tried again the next time.</summary>
internal static class Recurring
{
    /// <param name="every">From one beginning to the next; a beginning that comes while it is still being done is made up for once.</param>
    /// <param name="look">What is done.</param>
    /// <param name="failed">Told of whatever it threw.</param>
    /// <param name="waitFirst">Not at once when the server starts.</param>
    public static async Task RunAsync(TimeSpan every, TimeProvider time, Func<CancellationToken, Task> look, Action<Exception> failed, CancellationToken stopping, bool waitFirst = false)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            if (waitFirst)
            {
                await timer.WaitForNextTickAsync(stopping);
            }

            do
            {
                await LookAsync(look, failed, stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private static async Task LookAsync(Func<CancellationToken, Task> look, Action<Exception> failed, CancellationToken stopping)
    {
        try
        {
            await look(stopping);
        }
#pragma warning disable CA1031 // A loop that must outlive every outage.
        catch (Exception problem) when (problem is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            failed(problem);
        }
    }
}
