using CatchUp.Worker.Machine;

namespace CatchUp.Worker.Tests.Machine;

public sealed class DatasetFinderTests : IDisposable
{
    private readonly TestFolder folder = new();

    [Fact]
    public void Machine_without_files_offers_what_is_generated() => Assert.Equal(["synthetic"], Find().Except(["fashion-mnist"]));

    [Fact]
    public void Data_sets_are_found_by_their_files()
    {
        Touch("shipped/fashion-mnist-10k/t10k-images-idx3-ubyte.gz");
        Touch("shipped/fashion-mnist-10k/t10k-labels-idx1-ubyte.gz");
        Touch("data/fashion-mnist/train-images-idx3-ubyte.gz");
        Touch("data/fashion-mnist/train-labels-idx1-ubyte.gz");
        Touch("data/mnist/train-images-idx3-ubyte");
        Touch("data/mnist/train-labels-idx1-ubyte.gz");
        for (var batch = 1; batch <= 5; batch++)
        {
            Assert.DoesNotContain("cifar10", Find());
            Touch($"data/cifar10/cifar-10-batches-bin/data_batch_{batch}.bin");
        }

        Assert.DoesNotContain("imagenet64", Find());
        Touch("data/imagenet64.zip");

        Assert.Equal(["fashion-mnist-10k", "fashion-mnist", "mnist", "cifar10", "imagenet64", "synthetic"], Find());
    }

    [Fact]
    public void Pictures_are_offered_by_the_names_that_a_specification_can_say()
    {
        Touch("data/cats-2/a.png");
        Touch("data/dogs.zip");
        Touch("data/dogs/a.png");
        Touch("data/My Pictures/a.png");
        Touch("data/.decoded/x.safetensors");
        Touch("data/mnist/leftover");
        Touch("data/notes.txt");

        Assert.Equal(["folder:cats-2", "folder:dogs"], Find().Where(name => name.StartsWith("folder:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Data_sets_that_may_be_fetched_are_offered()
    {
        Assert.Equal(["fashion-mnist", "mnist", "cifar10", "synthetic"], Find(download: true));
        Assert.DoesNotContain("mnist", DatasetFinder.Find(new WorkerOptions { Trainer = TestWorker.Trainer, DownloadDatasets = true }));
    }

    public void Dispose() => folder.Dispose();

    private IReadOnlyList<string> Find(bool download = false) =>
        DatasetFinder.Find(new WorkerOptions { Trainer = TestWorker.Trainer, ShippedDatasets = folder.Of("shipped"), DataDirectory = folder.Of("data"), DownloadDatasets = download });

    private void Touch(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Of(name))!);
        File.WriteAllText(folder.Of(name), "");
    }
}
