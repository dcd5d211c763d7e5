using CatchUp.Flow.Couplings;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Couplings;

public sealed class PairCouplingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-pairs-").FullName;
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    [Fact]
    public void Batches_hold_whole_pairs_and_leave_the_data_sets_images_alone()
    {
        using var coupling = new PairCoupling(() => Numbered(10, labels: true));
        using var generator = new Generator(1);

        var batch = coupling.Draw(full([200, 1, 2, 2], 77f), generator);

        Assert.Equal([200, 1, 2, 2], batch.Noise.shape);
        Assert.Equal([200, 3, 2, 2], batch.Data.shape);
        var numbers = batch.Noise.flatten(1).mean([1]);
        Assert.True(batch.Data.flatten(1).mean([1]).eq(numbers + 100).all().item<bool>());
        Assert.True(batch.Labels!.eq(numbers.to(ScalarType.Int64)).all().item<bool>());
        Assert.Equal(10, numbers.data<float>().Distinct().Count());
        Assert.Null(batch.Loss);
    }

    [Fact]
    public void Same_generator_draws_the_same_pairs()
    {
        using var coupling = new PairCoupling(() => Numbered(50));
        float[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return [.. coupling.Draw(zeros(8, 1, 2, 2), generator).Noise.data<float>()];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Pairs_are_made_once_and_only_when_needed()
    {
        var made = 0;
        using var coupling = new PairCoupling(() =>
        {
            made++;
            return Numbered(3);
        });
        Assert.Equal(0, made);

        using var generator = new Generator(1);
        coupling.Prepare();
        coupling.Draw(zeros(2, 1, 2, 2), generator);
        Assert.Equal(1, made);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saved_pairs_come_back_for_whoever_made_them(bool labels)
    {
        using var pairs = Numbered(4, labels);
        var path = Path.Combine(folder, "pairs.safetensors");
        pairs.Save(path, "this run");

        using var loaded = PairSet.TryLoad(path, "this run");

        Assert.NotNull(loaded);
        Assert.Equal(pairs.Count, loaded.Count);
        Assert.Equal(pairs.Noise.data<float>().ToArray(), loaded.Noise.data<float>().ToArray());
        Assert.Equal(pairs.Images.data<float>().ToArray(), loaded.Images.data<float>().ToArray());
        Assert.Equal(pairs.Labels?.data<long>().ToArray(), loaded.Labels?.data<long>().ToArray());
        Assert.Null(PairSet.TryLoad(path, "another run"));
        Assert.Null(PairSet.TryLoad(Path.Combine(folder, "missing.safetensors"), "this run"));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Null(PairSet.TryLoad(path, "this run"));
    }

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Pair i has noise i and three images of 100 + i.</summary>
    private static PairSet Numbered(int count, bool labels = false)
    {
        var numbers = arange(count).to(ScalarType.Float32).view(-1, 1, 1, 1);
        return new PairSet(numbers.expand(count, 1, 2, 2).clone(), (numbers + 100).expand(count, 3, 2, 2).clone(), labels ? arange(count, dtype: ScalarType.Int64) : null);
    }
}
