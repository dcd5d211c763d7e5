using CatchUp.Flow.Noise;

namespace CatchUp.Flow.Tests.Noise;

public sealed class PhiloxTests
{
    /// <summary>The known answers that the algorithm's authors publish.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Block_equals_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3) =>
        Assert.Equal((r0, r1, r2, r3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void Sequences_of_one_seed_differ_by_purpose_and_by_stream()
    {
        ulong First(uint seed, RandomPurpose purpose, ulong stream) => new PhiloxSequence(seed, purpose, stream).NextBits();
        var firsts = new[]
        {
            First(1, RandomPurpose.Step, 0), First(2, RandomPurpose.Step, 0), First(1, RandomPurpose.Dropout, 0),
            First(1, RandomPurpose.Step, 1), First(1, RandomPurpose.Step, 1UL << 32),
        };

        Assert.Equal(firsts.Length, firsts.Distinct().Count());
        Assert.Equal(firsts[0], First(1, RandomPurpose.Step, 0));
    }

    [Fact]
    public void NextInt_covers_its_range_evenly()
    {
        var random = new PhiloxSequence(7, RandomPurpose.Step, 0);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            counts[random.NextInt(10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }
}
