using System.Runtime.CompilerServices;
using static TorchSharp.torch;

// Tests seed torch's one global generator, so they take turns.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace CatchUp.Flow.Tests;

internal static class TorchProcess
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        ConvolutionKernels.LimitWhereCachesAreHidden();

        // Networks here are tiny: a second thread gains nothing and on a busy machine spins against the others.
        set_num_threads(1);
    }
}
