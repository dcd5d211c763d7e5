using System.Security.Cryptography;
using CatchUp.Flow.Noise;

namespace CatchUp.Flow.Datasets;

/// <summary>320 grey 28×28 images of discs, squares and crosses, the same on every machine: for tests and first steps.</summary>
internal static class SyntheticShapes
{
    private const int Count = 320, Side = 28;

    public static ImageDataset Create()
    {
        var values = new byte[Count * Side * Side];
        var labels = new long[Count];
        for (var image = 0; image < Count; image++)
        {
            var random = new PhiloxSequence(0, RandomPurpose.Shapes, (ulong)image);
            labels[image] = random.NextInt(3);
            var (radius, light) = (5 + random.NextInt(6), (byte)(128 + random.NextInt(128)));
            var (row, column) = (9 + random.NextInt(10), 9 + random.NextInt(10));
            for (var y = 0; y < Side; y++)
            {
                for (var x = 0; x < Side; x++)
                {
                    var (dy, dx) = (Math.Abs(y - row), Math.Abs(x - column));
                    var inside = labels[image] switch
                    {
                        0 => dx * dx + dy * dy <= radius * radius,
                        1 => Math.Max(dx, dy) <= radius,
                        _ => Math.Min(dx, dy) <= 1 && Math.Max(dx, dy) <= radius,
                    };
                    values[(image * Side + y) * Side + x] = inside ? light : (byte)0;
                }
            }
        }

        return new ImageDataset(DatasetCatalog.Synthetic, Convert.ToHexStringLower(SHA256.HashData(values)), values, 1, Side, Side, labels);
    }
}
