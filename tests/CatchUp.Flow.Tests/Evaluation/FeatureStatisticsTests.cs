using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class FeatureStatisticsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catchup-statistics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Mean_and_covariance_divide_by_n_and_n_minus_one()
    {
        using var scope = NewDisposeScope();
        using var statistics = Gaussians.Statistics(tensor(new double[,] { { 1, 0 }, { 3, 6 } }));

        Assert.Equal([2.0, 3.0], statistics.Mean().data<double>().ToArray());
        Assert.Equal([2.0, 6.0, 6.0, 18.0], statistics.Covariance().data<double>().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Batches_of_any_size_give_the_statistics_of_the_whole(int batch)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var features = randn(100, 5) * 3 + 1000; // far from zero, where a sum of squares would lose digits
        using var streamed = new FeatureStatistics(5);
        foreach (var part in features.split(batch))
        {
            streamed.Add(part);
        }

        AssertSame(features.to(ScalarType.Float64), streamed);
    }

    [Fact]
    public void Parts_gathered_apart_add_up_to_the_whole()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var features = randn(50, 4, dtype: ScalarType.Float64);
        using var total = new FeatureStatistics(4);
        using var nothing = new FeatureStatistics(4);
        using var first = Gaussians.Statistics(features.narrow(0, 0, 13) + 0);
        using var second = Gaussians.Statistics(features.narrow(0, 13, 37));

        total.Add(nothing);
        total.Add(first);
        total.Add(second);

        AssertSame(features, total);
    }

    [Fact]
    public void Saved_statistics_come_back_and_can_be_added_to()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var features = randn(50, 4, dtype: ScalarType.Float64);
        using var first = Gaussians.Statistics(features.narrow(0, 0, 20));
        var path = Path.Combine(_folder, "statistics.safetensors");

        first.Save(path, new Dictionary<string, string> { ["extractor"] = "test" });
        using var loaded = FeatureStatistics.Load(path);
        loaded.Add(features.narrow(0, 20, 30));

        AssertSame(features, loaded);
        Assert.Equal("test", SafeTensors.LoadMetadata(path)["extractor"]);
    }

    [Fact]
    public void File_of_something_else_is_refused()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "other.safetensors");
        SafeTensors.Save(path, new Dictionary<string, Tensor> { ["count"] = tensor(5L), ["mean"] = zeros(3), ["covariance"] = zeros(3, 2) });

        Assert.Contains("covariance", Assert.Throws<InvalidDataException>(() => FeatureStatistics.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_shapes_and_too_few_samples_are_refused()
    {
        using var scope = NewDisposeScope();
        using var statistics = new FeatureStatistics(3);

        Assert.Throws<ArgumentException>(() => statistics.Add(zeros(2, 4)));
        statistics.Add(zeros(0, 3));
        statistics.Add(zeros(1, 3));
        Assert.Equal(1, statistics.Count);
        Assert.Contains("at least two samples, there are 1", Assert.Throws<InvalidOperationException>(statistics.Covariance).Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Tensor features, FeatureStatistics statistics)
    {
        var mean = features.mean([0]);
        var centred = features - mean;
        Assert.Equal(features.shape[0], statistics.Count);
        Assert.InRange((statistics.Mean() - mean).abs().max().item<double>(), 0, 1e-9);
        Assert.InRange((statistics.Covariance() - centred.t().mm(centred) / (features.shape[0] - 1)).abs().max().item<double>(), 0, 1e-9);
    }
}
