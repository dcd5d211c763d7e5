namespace CatchUp.Search;

/// <summary>
/// Random numbers that are a function of (seed, trial, purpose, count) and of nothing else, so that a trial draws the same numbers
/// whatever was drawn before it, crashed, or was replayed.
/// </summary>
internal struct CounterRandom(int seed, int trial, int purpose)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _key = Mix(Mix(Mix((ulong)(uint)seed + Golden) ^ (uint)trial) + (uint)purpose);

    private ulong _count;

    /// <summary>A number above 0 and below 1.</summary>
    public double Next() => ((Bits() >> 11) + 0.5) / (1UL << 53);

    /// <summary>A whole number from 0 below the bound.</summary>
    public int Next(int bound) => (int)Math.Min(bound - 1, Next() * bound);

    /// <summary>Steele, Lea and Flood's mixer (SplitMix, 2014) on the counter.</summary>
    public ulong Bits() => Mix(_key + (++_count * Golden));

    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
