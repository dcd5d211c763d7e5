using System.Buffers.Binary;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>Curves on their way to the browser: eight little-endian float64 a bucket (step, start, end, low, high, value, count, count of values that are not finite); nothing is NaN.</summary>
internal static class SeriesBytes
{
    public const int Columns = 8;

    public static byte[] Write(IReadOnlyList<(IReadOnlyList<CurveBucket> Buckets, int From)> parts)
    {
        var bytes = new byte[parts.Sum(part => part.Buckets.Count - part.From) * Columns * sizeof(double)];
        var rest = bytes.AsSpan();
        foreach (var (buckets, from) in parts)
        {
            for (var i = from; i < buckets.Count; i++)
            {
                var bucket = buckets[i];
                Put(ref rest, bucket.Step);
                Put(ref rest, bucket.Start);
                Put(ref rest, bucket.End);
                Put(ref rest, bucket.Low ?? double.NaN);
                Put(ref rest, bucket.High ?? double.NaN);
                Put(ref rest, bucket.Value ?? double.NaN);
                Put(ref rest, bucket.Count);
                Put(ref rest, bucket.NotFinite);
            }
        }

        return bytes;
    }

    /// <summary>How many buckets both have alike from the start: the browser has these already.</summary>
    public static int CommonPrefix(IReadOnlyList<CurveBucket> old, IReadOnlyList<CurveBucket> now)
    {
        var length = Math.Min(old.Count, now.Count);
        for (var i = 0; i < length; i++)
        {
            if (old[i] != now[i])
            {
                return i;
            }
        }

        return length;
    }

    private static void Put(ref Span<byte> rest, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(rest, value);
        rest = rest[sizeof(double)..];
    }
}
