namespace CatchUp.Tracking.Metrics;

/// <summary>
/// The levels of buckets above the points: level L has a bucket for every 4^L steps, made exactly from what is below it. Every second one is stored, from <see cref="Lowest"/>
/// to <see cref="Levels"/>: writing is what buckets cost, and those between are made from four times as many when somebody looks.
/// </summary>
internal static class Rollup
{
    /// <summary>The lowest level that is stored: 16 steps.</summary>
    public const int Lowest = 2;

    /// <summary>The top level's buckets are 65,536 steps wide; longer series have more of them.</summary>
    public const int Levels = 8;

    /// <summary>From a stored level to the next.</summary>
    public const int Apart = 2;

    /// <summary>How many buckets of a level are one of the next.</summary>
    public const int Fan = 4;

    /// <summary>How many buckets of a stored level are one of the next stored level.</summary>
    public const int StoredFan = Fan * Fan;

    public static long Width(int level) => 1L << (2 * level);

    /// <summary>The level whose rows a level is read from: its own, or the stored one below; 0 means the points.</summary>
    public static int Source(int level) => level / Apart * Apart;

    public static BucketEntity Empty(long run, int level, int metric, long bucket) => new() { RunId = run, Level = level, MetricId = metric, Bucket = bucket };

    public static void Add(BucketEntity bucket, long step, double? value)
    {
        bucket.Count++;
        if (value is not { } number)
        {
            bucket.NotFinite++;
            return;
        }

        bucket.Minimum = bucket.Minimum <= number ? bucket.Minimum : number;
        bucket.Maximum = bucket.Maximum >= number ? bucket.Maximum : number;
        if (bucket.FirstStep is null || step < bucket.FirstStep)
        {
            (bucket.FirstStep, bucket.FirstValue) = (step, number);
        }

        if (bucket.LastStep is null || step > bucket.LastStep)
        {
            (bucket.LastStep, bucket.LastValue) = (step, number);
        }
    }

    public static void Add(BucketEntity bucket, BucketEntity part)
    {
        bucket.Count += part.Count;
        bucket.NotFinite += part.NotFinite;
        if (part.FirstStep is null)
        {
            return;
        }

        bucket.Minimum = bucket.Minimum <= part.Minimum ? bucket.Minimum : part.Minimum;
        bucket.Maximum = bucket.Maximum >= part.Maximum ? bucket.Maximum : part.Maximum;
        if (bucket.FirstStep is null || part.FirstStep < bucket.FirstStep)
        {
            (bucket.FirstStep, bucket.FirstValue) = (part.FirstStep, part.FirstValue);
        }

        if (bucket.LastStep is null || part.LastStep > bucket.LastStep)
        {
            (bucket.LastStep, bucket.LastValue) = (part.LastStep, part.LastValue);
        }
    }
}
