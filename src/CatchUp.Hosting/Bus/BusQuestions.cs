using MassTransit;

namespace CatchUp.Hosting.Bus;

public static class BusQuestions
{
    /// <summary>
    /// Asks, and waits no longer than that. MassTransit counts its own limit from when the broker has taken the message; a message given
    /// to a connection that is just breaking may never be taken, and whoever asked would wait for ever.
    /// </summary>
    /// <exception cref="TimeoutException">There was no answer. The question may have arrived all the same.</exception>
    public static Task<Response<TAnswer, TOther>> AskAsync<TQuestion, TAnswer, TOther>(this IBus bus, TQuestion question, TimeSpan within, CancellationToken cancellation)
        where TQuestion : class
        where TAnswer : class
        where TOther : class =>
        WaitAsync(limit => bus.CreateRequestClient<TQuestion>(RequestTimeout.After(ms: (int)within.TotalMilliseconds)).GetResponse<TAnswer, TOther>(question, limit), within, cancellation);

    /// <inheritdoc cref="AskAsync{TQuestion,TAnswer,TOther}"/>
    public static Task<Response<TAnswer>> AskAsync<TQuestion, TAnswer>(this IBus bus, TQuestion question, TimeSpan within, CancellationToken cancellation)
        where TQuestion : class
        where TAnswer : class =>
        WaitAsync(limit => bus.CreateRequestClient<TQuestion>(RequestTimeout.After(ms: (int)within.TotalMilliseconds)).GetResponse<TAnswer>(question, limit), within, cancellation);

    private static async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> ask, TimeSpan within, CancellationToken cancellation)
    {
        // Asked on a thread of its own, waited for with a timer of its own, and called off without waiting: any of the three may stand still while a connection breaks.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await Task.Run(() => ask(stop.Token), CancellationToken.None).WaitAsync(within, cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && problem is TimeoutException or RequestTimeoutException)
        {
            throw new TimeoutException($"There was no answer within {within.TotalSeconds:0.#} s.", problem);
        }
        finally
        {
            _ = stop.CancelAsync().ContinueWith(_ => stop.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
