using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets;

/// <summary>Images held once as bytes and normalised to [-1, 1] a batch at a time.</summary>
public sealed class ImageDataset : IDisposable
{
    private readonly Tensor pixels;

    /// <param name="name">Name of the data set.</param>
    /// <param name="hash">SHA-256 of its content, which runs record.</param>
    /// <param name="values">Bytes, [count, channels, height, width].</param>
    /// <param name="labels">A class from 0 for each image, or none.</param>
    public ImageDataset(string name, string hash, byte[] values, int channels, int height, int width, long[]? labels = null)
        : this(name, hash, tensor(values, [values.Length / (channels * height * width), channels, height, width]), labels is null ? null : tensor(labels))
    {
    }

    /// <param name="name">Name of the data set.</param>
    /// <param name="hash">SHA-256 of its content, which runs record.</param>
    /// <param name="pixels">Bytes, [count, channels, height, width]. The data set owns them from now on.</param>
    /// <param name="labels">A class from 0 for each image, int64, [count], or none. The data set owns them from now on.</param>
    public ImageDataset(string name, string hash, Tensor pixels, Tensor? labels)
    {
        (Name, Hash) = (name, hash);
        (Count, Channels, Height, Width) = ((int)pixels.shape[0], (int)pixels.shape[1], (int)pixels.shape[2], (int)pixels.shape[3]);
        if (labels is not null && (labels.numel() != Count || labels.dtype != ScalarType.Int64))
        {
            throw new ArgumentException($"There are {labels.numel()} labels of type {labels.dtype} for {Count} images; one of type Int64 is needed for each.", nameof(labels));
        }

        this.pixels = pixels.DetachFromDisposeScope();
        Labels = labels?.DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        Classes = Labels is null || Count == 0 ? 0 : (int)Labels.max().item<long>() + 1;
    }

    public string Name { get; }

    public string Hash { get; }

    public int Count { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The class of each image, from 0: int64, [count], on the images' device. Null when they have none.</summary>
    public Tensor? Labels { get; }

    /// <summary>Number of classes: the largest label and one. 0 without labels.</summary>
    public int Classes { get; }

    /// <summary>Moves the images to a device. What is returned takes this one's place, which is disposed of unless it is there already.</summary>
    public ImageDataset To(Device device)
    {
        if (pixels.device_type == device.type && (device.type == DeviceType.CPU || pixels.device_index == device.index))
        {
            return this;
        }

        var moved = new ImageDataset(Name, Hash, pixels.to(device), Labels?.to(device));
        Dispose();
        return moved;
    }

    /// <summary>The same images in another shape. Its hash follows from this one's and the shape.</summary>
    internal ImageDataset Reshaped(ImageShape shape) => new(
        Name,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Hash} {shape.Side}x{shape.Side}x{shape.Channels}"))),
        shape.Fit(pixels),
        Labels?.clone());

    /// <summary>The chosen images as bytes, [indices, channels, height, width].</summary>
    public Tensor Bytes(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();
        return pixels.index_select(0, tensor(indices.ToArray(), device: pixels.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The chosen images in [-1, 1], [indices, channels, height, width], float32.</summary>
    public Tensor Images(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();
        return PixelRange.FromBytes(Bytes(indices)).MoveToOuterDisposeScope();
    }

    /// <summary>The classes of the chosen images, [indices], int64.</summary>
    /// <exception cref="InvalidOperationException">The images have no labels.</exception>
    public Tensor LabelsOf(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();
        var labels = Labels ?? throw new InvalidOperationException($"The images of '{Name}' have no labels.");
        return labels.index_select(0, tensor(indices.ToArray(), device: labels.device)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        pixels.Dispose();
        Labels?.Dispose();
    }
}
