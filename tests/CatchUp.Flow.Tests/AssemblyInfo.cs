using System.Runtime.CompilerServices;
using static TorchSharp.torch;

// Tests seed torch's one global generator, so they take turns.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace CatchUp.Flow.Tests;

internal static class TorchThreads
{
    /// <summary>Networks here are tiny: a second thread gains nothing and on a busy machine spins against the others.</summary>
    [ModuleInitializer]
    internal static void UseOne() => set_num_threads(1);
}
