using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace CatchUp.Flow;

/// <summary>
/// Keeps convolutions right on a virtual AMD machine that hides its caches. oneDNN, which computes libtorch's convolutions on the
/// CPU, asks such a processor for its caches by CPUID and believes an answer of zeros. For caches of one byte its AVX, AVX2 and
/// AVX-512 kernels compute something else, without a word: losses become NaN after a few updates. Its SSE kernels are right.
/// </summary>
public static class ConvolutionKernels
{
    private const int VendorLeaf = 0, CacheLeaf = unchecked((int)0x8000001D);
    private const int CacheKindMask = 0b11111;
    private const string Limit = "ONEDNN_MAX_CPU_ISA";

    /// <summary>One CPUID query: leaf and sub-leaf in, the four registers out.</summary>
    internal delegate (int Eax, int Ebx, int Ecx, int Edx) CpuId(int leaf, int subLeaf);

    /// <summary>Whether this process keeps to the SSE kernels. What somebody chose by <c>ONEDNN_MAX_CPU_ISA</c> stays.</summary>
    public static bool AreLimited { get; private set; }

    /// <summary>To be called before the first convolution, at which oneDNN reads the C library's environment.</summary>
    public static void LimitWhereCachesAreHidden()
    {
        if (!X86Base.IsSupported || Environment.GetEnvironmentVariable(Limit) is not null || !CachesAreHidden(X86Base.CpuId))
        {
            return;
        }

        try
        {
            AreLimited = SetNativeVariable(Limit, "SSE41", overwrite: 1) == 0;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: the variable can still be set from outside.
        }

        KeepNativeWarningsBack();
    }

    /// <summary>NNPACK, which libtorch tries with one thread and one image, finds no caches either, is left out, and would say so at every convolution.</summary>
    private static void KeepNativeWarningsBack()
    {
        const int error = 2;
        if (NativeLibrary.TryLoad("libc10.so", typeof(torch).Assembly, null, out var library) && NativeLibrary.TryGetExport(library, "FLAGS_caffe2_log_level", out var level))
        {
            Marshal.WriteInt32(level, error);
        }
    }

    /// <summary>An AMD processor whose first cache has no kind, which every real one has.</summary>
    internal static bool CachesAreHidden(CpuId query)
    {
        var (_, ebx, ecx, edx) = query(VendorLeaf, 0);
        var vendor = MemoryMarshal.AsBytes<int>([ebx, edx, ecx]);
        return vendor.SequenceEqual("AuthenticAMD"u8) && (query(CacheLeaf, 0).Eax & CacheKindMask) == 0;
    }

    [DllImport("libc.so.6", EntryPoint = "setenv", BestFitMapping = false)]
    private static extern int SetNativeVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
