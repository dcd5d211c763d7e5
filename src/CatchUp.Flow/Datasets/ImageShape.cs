using CatchUp.Flow.Pictures;
using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets;

/// <summary>The shape that images are brought to: the middle square, resized to a side, grey or RGB.</summary>
/// <param name="Side">Pixels of a row and of a column.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
internal sealed record ImageShape(int Side, int Channels)
{
    private const int ImagesAtATime = 1024;

    /// <summary>Brings many images to this shape.</summary>
    /// <param name="pixels">Bytes, [count, channels, height, width].</param>
    /// <returns>Bytes, [count, Channels, Side, Side].</returns>
    public Tensor Fit(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var fitted = empty([pixels.shape[0], Channels, Side, Side], ScalarType.Byte);
        for (long first = 0; first < pixels.shape[0]; first += ImagesAtATime)
        {
            using var part = NewDisposeScope();
            var count = Math.Min(ImagesAtATime, pixels.shape[0] - first);
            fitted.narrow(0, first, count).copy_(FitPart(pixels.narrow(0, first, count)));
        }

        return fitted.MoveToOuterDisposeScope();
    }

    /// <summary>Brings one picture to this shape.</summary>
    /// <param name="target">Receives its bytes, [Channels, Side, Side].</param>
    public void Fit(Picture picture, Span<byte> target)
    {
        if ((picture.Width, picture.Height, picture.Channels) == (Side, Side, Channels))
        {
            for (var pixel = 0; pixel < Side * Side; pixel++)
            {
                for (var channel = 0; channel < Channels; channel++)
                {
                    target[channel * Side * Side + pixel] = picture.Pixels[pixel * Channels + channel];
                }
            }

            return;
        }

        using var scope = NewDisposeScope();
        var pixels = tensor(picture.Pixels, [1, picture.Height, picture.Width, picture.Channels]).permute(0, 3, 1, 2);
        FitPart(pixels).contiguous().bytes.CopyTo(target);
    }

    private Tensor FitPart(Tensor pixels)
    {
        var side = Math.Min(pixels.shape[2], pixels.shape[3]);
        var square = pixels.narrow(2, (pixels.shape[2] - side) / 2, side).narrow(3, (pixels.shape[3] - side) / 2, side);
        return Resize(Recolour(square));
    }

    /// <summary>Grey is repeated; RGB becomes its luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).</summary>
    private Tensor Recolour(Tensor pixels) => (pixels.shape[1], Channels) switch
    {
        (1, 3) => pixels.expand(-1, 3, -1, -1),
        (3, 1) => ToBytes((pixels.to(ScalarType.Float32) * tensor(new[] { 0.299f, 0.587f, 0.114f }).view(1, 3, 1, 1)).sum(1, keepdim: true)),
        var (given, _) when given == Channels => pixels,
        var (given, _) => throw new InvalidOperationException($"Images of {given} channels cannot become images of {Channels}."),
    };

    /// <summary>Bicubic; the kernel widens when an image shrinks, so that fine patterns are averaged and do not alias.</summary>
    private Tensor Resize(Tensor pixels) => pixels.shape[2] == Side
        ? pixels
        : ToBytes(nn.functional.interpolate(pixels.to(ScalarType.Float32), size: [Side, Side], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true));

    private static Tensor ToBytes(Tensor values) => values.round().clamp(0, 255).to(ScalarType.Byte);
}
