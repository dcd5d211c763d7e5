using System.Security.Cryptography;
using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets;

/// <summary>
/// The binary version of CIFAR-10 (Krizhevsky 2009): files data_batch_*.bin of records that are one byte of class and 3,072 bytes of
/// a 32×32 image, all red values row by row, then all green, then all blue.
/// </summary>
internal static class CifarBatches
{
    public const int Side = 32, Channels = 3, Classes = 10;

    private const int ImageBytes = Channels * Side * Side, RecordBytes = 1 + ImageBytes;

    /// <summary>The files of one folder in the order of their names, as one data set.</summary>
    /// <exception cref="InvalidDataException">A file is cut short, or is something else.</exception>
    public static ImageDataset Read(string name, IEnumerable<string> paths)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = (new List<Tensor>(), new List<long>());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var records = File.ReadAllBytes(path);
            hash.AppendData(records);
            if (records.Length == 0 || records.Length % RecordBytes != 0)
            {
                throw new InvalidDataException($"{path} is cut short or damaged: its {records.Length} bytes are not whole records of {RecordBytes}.");
            }

            var count = records.Length / RecordBytes;
            for (var record = 0; record < count; record++)
            {
                var label = records[record * RecordBytes];
                labels.Add(label < Classes ? label : throw new InvalidDataException($"{path} is damaged: record {record} is of class {label}, and there are {Classes}."));
            }

            images.Add(tensor(records, [count, RecordBytes]).narrow(1, 1, ImageBytes).reshape(count, Channels, Side, Side));
        }

        return new ImageDataset(name, Convert.ToHexStringLower(hash.GetHashAndReset()), cat(images, 0), tensor(labels.ToArray()));
    }
}
