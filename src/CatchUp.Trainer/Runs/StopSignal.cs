using System.Runtime.InteropServices;

namespace CatchUp.Trainer.Runs;

/// <summary>
/// Collects requests to stop. Supervised, they are the lines <c>pause</c> and <c>cancel</c> on standard input, and its end means
/// that the worker has died. By hand, Ctrl+C and SIGTERM pause and standard input is left alone.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int request;

    public StopSignal(bool supervised, TextReader input)
    {
        // A terminal sends Ctrl+C to the worker and its trainers alike; supervised, only the worker decides what it means.
        Register(PosixSignal.SIGINT, supervised ? StopRequest.None : StopRequest.Pause);
        Register(PosixSignal.SIGTERM, supervised ? StopRequest.Abandon : StopRequest.Pause);
        if (supervised)
        {
            new Thread(() => Listen(input)) { IsBackground = true, Name = "stdin" }.Start();
        }
    }

    public StopRequest Request => (StopRequest)Volatile.Read(ref request);

    /// <summary>For work that takes long between two steps.</summary>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void ThrowIfRequested()
    {
        if (Request != StopRequest.None)
        {
            throw new OperationCanceledException();
        }
    }

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void Listen(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            switch (line.Trim())
            {
                case "pause":
                    Raise(StopRequest.Pause);
                    break;
                case "cancel":
                    Raise(StopRequest.Cancel);
                    break;
                case "":
                    break;
                default:
                    Console.Error.WriteLine($"Unknown word on standard input: '{line}'. Known are pause and cancel.");
                    break;
            }
        }

        Raise(StopRequest.Abandon);
    }

    private void Raise(StopRequest wanted)
    {
        int seen;
        while ((seen = Volatile.Read(ref request)) < (int)wanted && Interlocked.CompareExchange(ref request, (int)wanted, seen) != seen)
        {
        }
    }

    private void Register(PosixSignal signal, StopRequest meaning) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Raise(meaning);
    }));
}
