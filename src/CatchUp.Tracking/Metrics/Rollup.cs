namespace CatchUp.Tracking.Metrics;

/// <summary>The levels of buckets above the points: level L has a bucket for every 4^L steps, made exactly from what is below it.</summary>
internal static class Rollup
{
    /// <summary>
    /// The lowest level that is stored. Level 1 alone would be as many rows as all others together and is made from the points when it is asked for:
    /// four times what is drawn, at most.
    /// </summary>
    public const int Lowest = 2;

    /// <summary>The top level's buckets are a million steps wide; longer series have more of them.</summary>
    public const int Levels = 10;

    public const int Fan = 4;

    public static long Width(int level) => 1L << (2 * level);

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
