using CatchUp.Flow.Datasets;
using CatchUp.Flow.Pictures;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Pictures;

/// <summary>Images side by side, row by row, in the order they are given.</summary>
/// <param name="Png">The encoded picture.</param>
internal sealed record ImageGrid(byte[] Png, int Rows, int Columns, int CellWidth, int CellHeight)
{
    /// <param name="images">[count, channels, height, width] in [-1, 1], 1 or 3 channels.</param>
    /// <param name="inRow">Images in a row; null for about as many rows as columns.</param>
    public static ImageGrid From(Tensor images, int? inRow = null)
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        var columns = inRow ?? (int)Math.Ceiling(Math.Sqrt(count));
        var rows = (count + columns - 1) / columns;
        var bytes = PixelRange.ToBytes(images.cpu()).permute(0, 2, 3, 1).contiguous().data<byte>().ToArray(); // [count, height, width, channels]
        var stride = width * channels;
        var pixels = new byte[rows * height * columns * stride];
        for (var line = 0; line < count * height; line++)
        {
            var (image, y) = Math.DivRem(line, height);
            var (row, column) = Math.DivRem(image, columns);
            bytes.AsSpan(line * stride, stride).CopyTo(pixels.AsSpan(((row * height + y) * columns + column) * stride));
        }

        return new ImageGrid(PngEncoder.Encode(pixels, columns * width, rows * height, channels), rows, columns, width, height);
    }
}
