using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Flow.Pictures;
using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets.Collections;

/// <summary>
/// Reads a collection of pictures into memory, all in one shape. What was decoded once is kept in a file, so that the next start
/// reads bytes instead of a million pictures; the file is of no use any more when a name, a size or a stamp in the collection changes.
/// </summary>
/// <param name="cacheFolder">Where decoded pictures are kept. One that cannot be written costs the time of decoding at each start.</param>
internal sealed class CollectionReader(string cacheFolder)
{
    /// <summary>Part of every key: to be raised when decoding or resizing gives other bytes.</summary>
    private const string Version = "1";

    private const int PicturesAtATime = 512;

    /// <param name="name">Name of the data set.</param>
    /// <param name="path">Its folder or archive.</param>
    /// <param name="shape">The shape its images get.</param>
    /// <exception cref="InvalidDataException">The collection cannot be used; the message names the file and the fault.</exception>
    public ImageDataset Read(string name, string path, ImageShape shape)
    {
        using var collection = PictureCollection.Open(path);
        CheckMemory(collection.Pictures.Count, shape);
        var cache = new DecodedImages(cacheFolder, $"{name.Replace(':', '-')}-{shape.Side}x{shape.Side}x{shape.Channels}", Key(collection, shape));
        if (cache.TryLoad(name) is { } kept)
        {
            return kept;
        }

        using var scope = NewDisposeScope();
        var images = Decode(collection, shape);
        var labels = PictureClasses.Of(collection) is { } classes ? tensor(classes) : null;
        var hash = DecodedImages.Hash(images, labels);
        cache.Save(images, labels, hash);
        return new ImageDataset(name, hash, images, labels);
    }

    private static Tensor Decode(PictureCollection collection, ImageShape shape)
    {
        using var scope = NewDisposeScope();
        var pictures = collection.Pictures;
        var imageBytes = shape.Channels * shape.Side * shape.Side;
        var images = empty([pictures.Count, shape.Channels, shape.Side, shape.Side], ScalarType.Byte);
        var buffer = new byte[PicturesAtATime * imageBytes];
        for (var first = 0; first < pictures.Count; first += PicturesAtATime)
        {
            var (start, count) = (first, Math.Min(PicturesAtATime, pictures.Count - first));
            try
            {
                Parallel.For(0, count, place => Decode(collection, pictures[start + place], shape, buffer.AsSpan(place * imageBytes, imageBytes)));
            }
            catch (AggregateException errors)
            {
                ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
            }

            using var part = images.narrow(0, start, count);
            buffer.AsSpan(0, count * imageBytes).CopyTo(part.bytes);
        }

        return images.MoveToOuterDisposeScope();
    }

    private static void Decode(PictureCollection collection, CollectedFile file, ImageShape shape, Span<byte> target)
    {
        try
        {
            shape.Fit(PngDecoder.Decode(collection.ReadPicture(file)), target);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The picture {file.Name} cannot be used: {error.Message}", error);
        }
    }

    private static void CheckMemory(int count, ImageShape shape)
    {
        var (needed, there) = ((long)count * shape.Channels * shape.Side * shape.Side, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed > there)
        {
            throw new InvalidDataException($"Its {count} images of {shape.Side}×{shape.Side}×{shape.Channels} bytes need {needed >> 20} MiB of memory, and this machine has {there >> 20}. Choose a smaller data.side.");
        }
    }

    private static string Key(PictureCollection collection, ImageShape shape)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Version} {shape.Side} {shape.Channels}\n"));
        foreach (var file in collection.Labels is { } labels ? collection.Pictures.Append(labels) : collection.Pictures)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Name}\t{file.Bytes}\t{file.Stamp}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
