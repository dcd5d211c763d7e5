using System.Runtime.InteropServices;

namespace CatchUp.Trainer;

/// <summary>
/// Lets the C library keep the memory of freed tensors. By default it gives the end of its heap back to the kernel many times
/// an update, and pays for thousands of page faults when it asks again.
/// </summary>
internal static class NativeHeap
{
    // malloc.h of glibc: the numbers are its interface.
    private const int TrimThreshold = -1, MmapThreshold = -3;
    private const int KeptBytes = 1 << 30, LargestHeapBlock = 32 << 20;

    /// <summary>Does nothing where the C library is not glibc.</summary>
    public static void KeepFreedMemory()
    {
        try
        {
            _ = MallocOption(MmapThreshold, LargestHeapBlock);
            _ = MallocOption(TrimThreshold, KeptBytes);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library has other habits.
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    private static extern int MallocOption(int option, int value);
}
