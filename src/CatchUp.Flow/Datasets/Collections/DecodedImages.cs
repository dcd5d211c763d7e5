using System.Security.Cryptography;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets.Collections;

/// <summary>Decoded pictures kept in a safetensors file: images, labels, and the hash of both, which is verified at each reading.</summary>
/// <param name="folder">Where the file is.</param>
/// <param name="name">What it is of; files of other content but the same name are replaced.</param>
/// <param name="key">A hash of what it was made from.</param>
internal sealed class DecodedImages(string folder, string name, string key)
{
    private const string Images = "images", Labels = "labels", HashKey = "sha256", KeyKey = "made_from";
    private const long ChunkBytes = 1 << 26;

    private string FilePath => Path.Combine(folder, $"{name}-{key[..16]}.safetensors");

    /// <summary>SHA-256 over the images' bytes, then the labels'.</summary>
    public static string Hash(Tensor images, Tensor? labels)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var flat = images.view(-1);
        for (long start = 0; start < flat.numel(); start += ChunkBytes)
        {
            using var part = flat.narrow(0, start, Math.Min(ChunkBytes, flat.numel() - start));
            hash.AppendData(part.bytes);
        }

        if (labels is not null)
        {
            hash.AppendData(labels.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The kept images, or null: they are not there, are of something else, or are damaged.</summary>
    public ImageDataset? TryLoad(string dataset)
    {
        using var scope = NewDisposeScope();
        try
        {
            if (!File.Exists(FilePath))
            {
                return null;
            }

            var metadata = SafeTensors.LoadMetadata(FilePath);
            var tensors = SafeTensors.Load(FilePath);
            var labels = tensors.GetValueOrDefault(Labels);
            return metadata.GetValueOrDefault(KeyKey) == key && tensors.TryGetValue(Images, out var images) && Hash(images, labels) is var hash && metadata.GetValueOrDefault(HashKey) == hash
                ? new ImageDataset(dataset, hash, images, labels)
                : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Save(Tensor images, Tensor? labels, string hash)
    {
        var tensors = new Dictionary<string, Tensor> { [Images] = images };
        if (labels is not null)
        {
            tensors.Add(Labels, labels);
        }

        try
        {
            Directory.CreateDirectory(folder);
            Write(FilePath + ".part", stream => SafeTensors.Save(stream, tensors, new Dictionary<string, string> { [HashKey] = hash, [KeyKey] = key }));
            File.Move(FilePath + ".part", FilePath, overwrite: true);
            foreach (var old in Directory.EnumerateFiles(folder, $"{name}-????????????????.safetensors").Where(path => path != FilePath))
            {
                File.Delete(old);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that is read-only or full, or another trainer that writes the same: the images are in memory all the same.
        }
    }

    private static void Write(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            write(stream);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
