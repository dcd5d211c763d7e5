using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets;

/// <summary>Images held once as bytes and normalised to [-1, 1] a batch at a time.</summary>
public sealed class ImageDataset : IDisposable
{
    private readonly Tensor pixels;

    /// <param name="name">Name of the data set.</param>
    /// <param name="hash">SHA-256 of its content, which runs record.</param>
    /// <param name="values">Bytes, [count, channels, height, width].</param>
    /// <param name="labels">A class for each image, or none.</param>
    public ImageDataset(string name, string hash, byte[] values, int channels, int height, int width, byte[]? labels = null)
    {
        (Name, Hash, Channels, Height, Width, Labels) = (name, hash, channels, height, width, labels);
        Count = values.Length / (channels * height * width);
        pixels = tensor(values, [Count, channels, height, width]).DetachFromDisposeScope();
    }

    private ImageDataset(ImageDataset other, Tensor pixels)
    {
        (Name, Hash, Count, Channels, Height, Width, Labels) = (other.Name, other.Hash, other.Count, other.Channels, other.Height, other.Width, other.Labels);
        this.pixels = pixels.DetachFromDisposeScope();
    }

    public string Name { get; }

    public string Hash { get; }

    public int Count { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public byte[]? Labels { get; }

    /// <summary>The same images on another device.</summary>
    public ImageDataset To(Device device) => new(this, pixels.to(device));

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

    public void Dispose() => pixels.Dispose();
}
