using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.References;

public sealed class ReferenceSourceTests : IDisposable
{
    private const string Name = FeatureExtractor.FashionMnist;

    private readonly string folder = Directory.CreateTempSubdirectory("catchup-references-").FullName;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly FeatureExtractor extractor;
    private readonly ImageDataset images = new DatasetCatalog(Repository.Folder("datasets"), null).Open("synthetic");

    public ReferenceSourceTests() => extractor = FeatureExtractor.Load(Repository.Folder("extractors"), Name, CPU, folder);

    private string References => Path.Combine(folder, Name, "references");

    [Fact]
    public void Shipped_reference_is_taken_by_default()
    {
        using var source = ReferenceSource.Open(extractor, "default", images);

        Assert.Equal(("fashion-mnist train", extractor.Card.ReferenceSha256), (source.Name, source.Sha256));
        Assert.Equal(60_000, source.Get().Statistics.Count);
        Assert.True(source.HasFeatures);
        Assert.False(Directory.Exists(References));
    }

    [Fact]
    public void Data_set_is_measured_when_it_is_needed_and_kept_for_the_next()
    {
        var batches = new List<(int, int)>();
        using var source = ReferenceSource.Open(extractor, "dataset", images);
        var (name, hash) = (source.Name, source.Sha256);
        Assert.False(Directory.Exists(References));

        var reference = source.Get((done, all) => batches.Add((done, all)));
        using var again = ReferenceSource.Open(extractor, "dataset", images);
        var kept = again.Get((_, _) => Assert.Fail("It was measured before."));

        using var expected = Gaussians.Statistics(extractor.Features(images.Bytes([.. Enumerable.Range(0, 320).Select(i => (long)i)])));
        Assert.Equal([(0, 320)], batches);
        Assert.Equal(("synthetic", hash), (name, reference.Sha256));
        Assert.Equal((name, hash), (again.Name, again.Sha256));
        Assert.True(reference.Statistics.Covariance().allclose(expected.Covariance(), 1e-6, 1e-6));
        Assert.True(kept.Statistics.Covariance().allclose(reference.Statistics.Covariance(), 1e-12, 1e-12));
        Assert.Equal([320, 64], kept.Features!.shape);
        Assert.Equal(hash + ".safetensors", Path.GetFileName(Assert.Single(Directory.GetFiles(References))));
    }

    [Fact]
    public void Damaged_file_is_measured_anew_and_giving_up_leaves_nothing()
    {
        using var source = ReferenceSource.Open(extractor, "dataset", images);
        Assert.Throws<OperationCanceledException>(() => source.Get((_, _) => throw new OperationCanceledException()));
        Assert.False(Directory.Exists(References));
        source.Get();
        File.WriteAllText(Directory.GetFiles(References).Single(), "torn");

        using var again = ReferenceSource.Open(extractor, "dataset", images);

        Assert.Equal(320, again.Get().Statistics.Count);
        Assert.True(new FileInfo(Directory.GetFiles(References).Single()).Length > 1000);
    }

    [Fact]
    public void At_most_so_many_features_are_kept_from_everywhere_in_the_data_set()
    {
        var all = extractor.Features(images.Bytes([.. Enumerable.Range(0, 320).Select(i => (long)i)]));

        var (statistics, features) = DatasetReference.Compute(extractor.Features, 64, images, keepAtMost: 100);

        Assert.Equal(320, statistics.Count);
        Assert.Equal([80, 64], features.shape);
        Assert.True(features[79].allclose(all[316], 1e-5, 1e-5));
        statistics.Dispose();
    }

    [Fact]
    public void Named_file_has_statistics_and_no_features()
    {
        Directory.CreateDirectory(References);
        File.Copy(Path.Combine(Repository.Folder("tests/CatchUp.Flow.Tests/Evaluation/References"), "numpy.npz"), Path.Combine(References, "clothes-v2.npz"));

        using var source = ReferenceSource.Open(extractor, "clothes-v2", images);

        Assert.Equal("clothes-v2", source.Name);
        Assert.Matches("^[0-9a-f]{64}$", source.Sha256);
        Assert.False(source.HasFeatures);
        Assert.Equal(63 / 8.0, source.Get().Statistics.Mean()[63].item<double>());
    }

    [Theory]
    [InlineData("absent", "no absent.npz")]
    [InlineData("../clothes", "was not found")]
    [InlineData("damaged", "mu and sigma of 64 features")]
    public void Other_names_are_refused_in_words(string name, string reason)
    {
        Directory.CreateDirectory(References);
        File.WriteAllText(Path.Combine(References, "damaged.npz"), "no zip");
        File.WriteAllText(Path.Combine(References, "../clothes.npz"), "no zip");

        Assert.Contains(reason, Assert.Throws<ExtractorUnavailableException>(() => ReferenceSource.Open(extractor, name, images)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        images.Dispose();
        extractor.Dispose();
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
