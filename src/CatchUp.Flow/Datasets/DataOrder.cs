using CatchUp.Flow.Noise;

namespace CatchUp.Flow.Datasets;

/// <summary>Which image comes when: every epoch is a permutation of its own, drawn from (seed, epoch), so the order follows from the number of images seen alone.</summary>
public sealed class DataOrder(int seed, int count)
{
    private readonly long[] permutation = new long[count];
    private long permutedEpoch = -1;

    /// <summary>The indices of the next <paramref name="batchSize"/> images after <paramref name="imagesSeen"/>. A batch may cross into the next epoch.</summary>
    public long[] Next(long imagesSeen, int batchSize)
    {
        var indices = new long[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            var (epoch, place) = Math.DivRem(imagesSeen + i, count);
            if (epoch != permutedEpoch)
            {
                Permute(epoch);
            }

            indices[i] = permutation[place];
        }

        return indices;
    }

    /// <summary>Fisher–Yates.</summary>
    private void Permute(long epoch)
    {
        var random = new PhiloxSequence((uint)seed, RandomPurpose.DataOrder, (ulong)epoch);
        for (var i = 0; i < count; i++)
        {
            var j = random.NextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }

        permutedEpoch = epoch;
    }
}
