using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.References;

public sealed class DatasetFeaturesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-features-").FullName;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly FeatureExtractor extractor;
    private readonly ImageDataset images = new DatasetCatalog(Repository.Folder("datasets"), null).Open("synthetic");

    public DatasetFeaturesTests() => extractor = FeatureExtractor.Load(Repository.Folder("extractors"), FeatureExtractor.FashionMnist, CPU, folder);

    [Fact]
    public void Every_image_is_measured_once_and_kept_for_the_next()
    {
        var batches = 0;
        using var measured = DatasetFeatures.Open(extractor, images, () => batches++);
        using var kept = DatasetFeatures.Open(extractor, images, () => Assert.Fail("They were measured before."));

        Assert.Equal((1, 320, 1), (batches, measured.Count, measured.Every));
        Assert.True(measured.Features.equal(extractor.Features(images.Bytes([.. Enumerable.Range(0, 320).Select(i => (long)i)]))).all().item<bool>());
        Assert.True(kept.Features.equal(measured.Features).all().item<bool>());
        Assert.Equal(measured.Typical, kept.Typical);
    }

    [Fact]
    public void Typical_distance_is_the_median_between_an_image_and_the_one_nearest_to_it()
    {
        using var features = DatasetFeatures.Open(extractor, images);

        long[] all = [.. Enumerable.Range(0, 256).Select(i => (long)i * 320 / 256)];
        double[] distances = [.. NearestNeighbours.Of(features.Features.index_select(0, tensor(all)), features.Features, all).Distances.Order()];
        Assert.Equal(distances[128], features.Typical);
        Assert.True(features.Typical > 0);
    }

    [Fact]
    public void Large_sets_are_thinned_out_evenly()
    {
        using var all = DatasetFeatures.Open(extractor, images);
        using var some = DatasetFeatures.Open(extractor, images, atMost: 100);

        Assert.Equal((80, 4), (some.Count, some.Every));
        var fourth = all.Features.index_select(0, tensor(Enumerable.Range(0, 80).Select(i => (long)i * 4).ToArray()));
        Assert.True(some.Features.allclose(fourth, 1e-4, 1e-4));
    }

    [Fact]
    public void Torn_file_is_measured_anew_and_giving_up_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() => DatasetFeatures.Open(extractor, images, () => throw new OperationCanceledException()));
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        DatasetFeatures.Open(extractor, images).Dispose();
        var file = Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]);

        using var again = DatasetFeatures.Open(extractor, images);

        Assert.Equal(320, again.Count);
    }

    public void Dispose()
    {
        images.Dispose();
        extractor.Dispose();
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
