using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation.Extractors;

public sealed class FeatureExtractorTests : IDisposable
{
    private const string Name = "fashion-mnist-cnn-2";

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly FeatureExtractor extractor = FeatureExtractor.Load(Repository.Folder("extractors"), Name, CPU);
    private readonly ImageDataset images = new DatasetCatalog(Repository.Folder("datasets"), null).Open("fashion-mnist-10k");
    private readonly Reference reference;
    private readonly Tensor real;

    public FeatureExtractorTests()
    {
        reference = extractor.OwnReference()!;
        real = images.Images([.. Enumerable.Range(0, 2000).Select(i => (long)i)]);
    }

    [Fact]
    public void Distances_put_images_in_a_sensible_order()
    {
        var noise = new NoiseBank(1, 1, 28, 28).Images(0, 2000);
        Tensor[] ordered = [real, Noised(0.1), Noised(0.5), noise];

        var fid = ordered.Select(Fid).ToArray();
        var kid = ordered.Select(set => KernelDistance.Between(Features(set), reference.Features!)).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine($"FID {string.Join(", ", fid)}; KID {string.Join(", ", kid)}");

        Assert.Equal(fid.Order(), fid);
        Assert.Equal(kid.Order(), kid);
        Assert.True(fid[0] < 0.1 * fid[1]);
        Assert.True(fid[0] < 0.01 * fid[3]);

        Tensor Noised(double share) => real * (1 - share) + noise * share;
    }

    [Fact]
    public void Missing_classes_cost_more_than_all_of_them()
    {
        var labels = images.Labels!.data<long>().ToArray();
        var few = Enumerable.Range(0, images.Count).Where(i => labels[i] < 3).Take(2000).Select(i => (long)i).ToArray();

        Assert.True(Fid(images.Images(few)) > 10 * Fid(real));
    }

    [Fact]
    public void Features_do_not_depend_on_the_batch()
    {
        var bytes = PixelRange.ToBytes(real.narrow(0, 0, 600));

        var (whole, part) = (extractor.Features(bytes).narrow(0, 260, 40), extractor.Features(bytes.narrow(0, 260, 40)));

        Assert.Equal([600, 64], extractor.Features(bytes).shape);
        Assert.True(whole.allclose(part, 1e-5, 1e-5));
    }

    [Fact]
    public void Reference_is_the_full_training_set()
    {
        Assert.Equal(60_000, reference.Statistics.Count);
        Assert.Equal(64, reference.Statistics.Dimensions);
        Assert.Equal([2000, 64], reference.Features!.shape);
        Assert.True(extractor.Card.TestAccuracy >= 0.91);
    }

    [Fact]
    public void Classifier_is_as_accurate_as_its_card_says()
    {
        using var classifier = new FashionClassifier();
        NetworkWeights.Load(classifier, SafeTensors.Load(Path.Combine(Repository.Folder("extractors"), Name, "weights.safetensors")));
        classifier.eval();

        Assert.Equal(extractor.Card.TestAccuracy!.Value, ClassifierTraining.Accuracy(classifier, images), 0.0005);
    }

    [Fact]
    public void Interval_holds_the_distance_of_other_samples()
    {
        var features = Features(real.narrow(0, 0, 1000));
        var value = Fid(real.narrow(0, 0, 1000));

        var (low, high) = BootstrapInterval.OfFrechetDistance(value, features, reference.Statistics);

        Assert.InRange(value, low, high);
        Assert.InRange(Fid(real.narrow(0, 1000, 1000)), low, high);
        Assert.True(high - low < 2 * value);
    }

    [Fact]
    public void Changed_weights_are_refused()
    {
        var copy = Directory.CreateTempSubdirectory("catchup-extractor-");
        try
        {
            var home = copy.CreateSubdirectory(Name).FullName;
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Folder("extractors"), Name)))
            {
                File.Copy(file, Path.Combine(home, Path.GetFileName(file)));
            }

            var weights = Path.Combine(home, "weights.safetensors");
            var bytes = File.ReadAllBytes(weights);
            bytes[^1] ^= 1;
            File.WriteAllBytes(weights, bytes);

            var error = Assert.Throws<ExtractorUnavailableException>(() => FeatureExtractor.Load(copy.FullName, Name, CPU));
            Assert.Contains("weights.safetensors", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        var error = Assert.Throws<ExtractorUnavailableException>(() => extractor.CheckImages(3, 32, 32));

        Assert.Contains("grey 28×28", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        extractor.Dispose();
        images.Dispose();
        scope.Dispose();
    }

    private Tensor Features(Tensor set) => extractor.Features(PixelRange.ToBytes(set));

    private double Fid(Tensor set)
    {
        using var statistics = new FeatureStatistics(64);
        statistics.Add(Features(set));
        return FrechetDistance.Between(statistics, reference.Statistics);
    }
}
