using CatchUp.Flow.Downloads;

namespace CatchUp.Flow.Datasets;

/// <summary>
/// The data sets that can be fetched, with the addresses their authors (for MNIST: the PyTorch project) publish them at. The hashes
/// are those that TensorFlow Datasets and torchvision's ports verify.
/// </summary>
public static class DatasetSources
{
    private const string
        FashionAddress = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        MnistAddress = "https://ossci-datasets.s3.amazonaws.com/mnist/",
        CifarAddress = "https://www.cs.toronto.edu/~kriz/";

    public static IReadOnlyList<DatasetSource> All { get; } =
    [
        new(DatasetCatalog.FashionMnist,
        [
            File(FashionAddress, "train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            File(FashionAddress, "train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ]),
        new(DatasetCatalog.Mnist,
        [
            File(MnistAddress, "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            File(MnistAddress, "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        ]),
        new(DatasetCatalog.Cifar10,
        [
            File(CifarAddress, "cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", "cave.cs.toronto.edu") with
            {
                Members = [.. Enumerable.Range(1, 5).Select(batch => new DatasetSource.ArchiveMember($"data_batch_{batch}.bin", 30_730_000))],
            },
        ]),
    ];

    public static DatasetSource? Find(string name) => All.FirstOrDefault(source => source.Name == name);

    private static DatasetSource.SourceFile File(string address, string name, long bytes, string sha256, params string[] otherHosts) =>
        new(name, new RemoteFile(new Uri(address + name), sha256, bytes) { OtherHosts = otherHosts });
}
