namespace CatchUp.Flow.Noise;

/// <summary>Numbers drawn one after another from one Philox key and stream: what a data order, a drawn shape or a step's seed comes from.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">Keeps streams of one seed apart; see <see cref="RandomPurpose"/>.</param>
/// <param name="stream">Which stream of the purpose: an epoch, an image, a number of images seen.</param>
public sealed class PhiloxSequence(uint seed, RandomPurpose purpose, ulong stream)
{
    private uint block;
    private ulong spare;
    private bool hasSpare;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }

        var (w0, w1, w2, w3) = Philox.Block(block++, 0, (uint)stream, (uint)(stream >> 32), seed, (uint)purpose);
        spare = ((ulong)w3 << 32) | w2;
        hasSpare = true;
        return ((ulong)w1 << 32) | w0;
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, limit).</summary>
    public int NextInt(int limit) => (int)Math.BigMul(NextBits(), (ulong)limit, out _);
}
