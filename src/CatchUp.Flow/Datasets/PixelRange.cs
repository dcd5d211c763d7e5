using static TorchSharp.torch;

namespace CatchUp.Flow.Datasets;

/// <summary>Between bytes and the range [-1, 1] that networks see: byte b stands for b / 127.5 − 1.</summary>
public static class PixelRange
{
    /// <summary>Bytes to [-1, 1], float32.</summary>
    public static Tensor FromBytes(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        return bytes.to(ScalarType.Float32).div_(127.5).sub_(1.0).MoveToOuterDisposeScope();
    }

    /// <summary>The nearest byte of each value; values outside [-1, 1] are cut off.</summary>
    public static Tensor ToBytes(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.to(ScalarType.Float32).mul(127.5).add_(127.5).round_().clamp_(0.0, 255.0).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
