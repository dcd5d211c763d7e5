using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.Extractors;

public sealed class ExtractorFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("catchup-extractor-folder-").FullName;

    [Fact]
    public void Written_folder_is_read_with_its_reference()
    {
        using var scope = NewDisposeScope();
        using var images = new DatasetCatalog(Repository.Folder("datasets"), null).Open("synthetic");
        using var classifier = new FashionClassifier();
        classifier.eval();
        var home = Directory.CreateDirectory(Path.Combine(folder, FeatureExtractor.FashionMnist)).FullName;

        ExtractorFolder.Save(home, classifier, images, 0.5, "test");

        using var extractor = FeatureExtractor.Load(folder, FeatureExtractor.FashionMnist, CPU);
        using var reference = extractor.OwnReference()!;
        long[] first = [.. Enumerable.Range(0, 10)];
        Assert.True(extractor.Features(images.Bytes(first)).allclose(classifier.Features(images.Images(first)), 1e-5, 1e-5));
        Assert.True(reference.Features!.narrow(0, 0, 10).allclose(classifier.Features(images.Images(first)), 1e-5, 1e-5));
        Assert.Equal((320L, 0.5), (reference.Statistics.Count, extractor.Card.TestAccuracy));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
