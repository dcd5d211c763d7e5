using System.IO.Compression;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Pictures;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Datasets;

public sealed class ImageShapeTests
{
    /// <summary>A 20×20 grey pattern with fine stripes, compressed; made like what follows by Pillow 9.4.</summary>
    private const string Pattern = "eJwBkAFv/rz//+KUZHa9///hkmN3v///35FjvP//349ca6/x/MVyPUuNzNWbRxS8///XgUhQi8XJjDMACEqMm2kfALz//8ttLCxjm6FpGwAPZbvcuntZvP3/vFYPDkiLoX1ELFex///XeTa8+/iqPwAASaDKtoFhdrDdzn8eALz47ZgrAARkzP3ej0w+Y5GbeEk/vPThiB8AHYz1/9JgCAJLq+PSkVO88NV6HAA/sP/7nCYAGY/6/8JFALzrynAiG2C968huIRxivuzHbCAcvOa+azA5dK6+oHJXWnGLmp2TfWK84bRrRVJzipahpYxYMUme6d94C7zcq3BdYV5ijMvXhxgAZ+//pB4AvNakenRiPUil/ttNACWy+MBoS1280J+JhlUbSdP/rR0Ma66nn7GRLbzKnJmRPANk+vp3LE9rYpPw20MAvMSbq5MfAI3/x2tpYCVL4f+HIUe8vp29jAMPsOaglJIoAJH/unN+Tby4ocx8AC69t6LMeQAxvrajzHYAvLOo2GcAUq6TzOA7AHGJjfbJHSUx19Sh";

    /// <summary>Pillow's Image.resize with BICUBIC, which widens its kernel when it shrinks.</summary>
    [Theory]
    [InlineData(8, "7MJy5IVhx1vtqjCVS0zIXeiAD7+TXLhW3GJB5FVSzlbOamSneFe+XMKER7pyVcVXupI0y2dWxVi5lEC9dFbDWg==")]
    [InlineData(28, "uOH//+/Ci2doiL7y//3ptoJlb5bM/P/946p8Zbjh///uwYlkY4K46//+3qdyUlh9seHu47yATzW44f//7L2DW1h0ptjz7MGFTisuUIKxxreISxsFuOH//+e0d0xGXYu4zsSXWCAAACBUhZySaTIMALjh///hqWg6L0Juma2keT0NAAAkY5/Cw6N0UkS44f//2pxYJRcqVYOcmHVCGw8dTpPT7O3QmmtRuOD//tKORxIFF0Z7naOKY0E0TYHB+f700IpMK7jf//nHfzYGAA9HhrLEs5FvXWuPveLjxYg9DgG53v7yu3AoAwASVp/V69itflxXaoqpsZ1wPSMhud776rBjHQIBH2+/8v/or246KzhdiaOljmxTSbnd9uGlWBYBCDeM3v/83ZNDCAAbWJ/S5dKlcU+53PLYmlAUABVTqO3/+LtkHQAANYvd+PjPfDQSudrt0JFMFwgqa7nu996VRA4II2a59/jam0cSArnY6MiKSh8bQX294d+4eD4eJFGNxeLWqms1IiW61uPAg0sqMFWGscS7nXVYTVRqg5ehoZiKempeutXeuH9ROkRhgpukopqPgnNhUVNli7TLxptdLrrT2bF+WktVZXR+ipustqV+SSYpVaTf99iELgC60dSrfmRcYV9eYn2o0NuwZxgAInri/+6kPggAus/PpoFxbGZRRE2CxvXpmT4DBkuy+O64b0E8S7rMyqKHfnlkPi1Fl+L/2XMbACp4w9nCnIB0YVC7ysWej4yDWykbS7b2+bZQDRNVjamhoqy6oV0gu8fBnJeYiEsTEl/U//KOQidIZ29uiMbv3HUhALzFvZuhook4BRZ75/zSd1NRYEtAV6/v9q1CHCm8wribrauFIwAjmOzsr3l1cVUgJWzi/dV5QDxRvL+1nbiyfBAANbDjzpuVmnkoADOk+eGjc31pSry8sqDDtXAKB0u8ybOfvqdhCAxfw82ypLaXTA+8ua+kzrRhBxdit6uoutyYOQAzfK2ftc/RcygLvbiuqNWyVQUlca2Wp9XpghoAVYSHhND8yUATJw==")]
    public void Resized_images_are_those_of_another_program(int side, string expected)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(Unpack(Pattern), [1, 1, 20, 20]);

        var resized = new ImageShape(side, 1).Fit(pixels).view(-1).data<byte>().ToArray();

        // Pillow rounds and cuts off between rows and columns, which shows where the pattern overshoots.
        var differences = resized.Zip(Convert.FromBase64String(expected), (ours, theirs) => (double)Math.Abs(ours - theirs)).ToList();
        Assert.True(differences.Average() < 0.3, $"{differences.Average()}");
        Assert.True(differences.Max() <= 8, $"{differences.Max()}");
    }

    [Fact]
    public void Stripes_finer_than_a_pixel_become_their_mean()
    {
        using var scope = NewDisposeScope();
        var stripes = (arange(64, ScalarType.Int64) % 2 * 200).to(ScalarType.Byte).expand(1, 1, 64, 64);

        var small = new ImageShape(8, 1).Fit(stripes);

        Assert.True(small.to(ScalarType.Float32).sub(100).abs().max().item<float>() <= 8, small.ToString());
    }

    [Fact]
    public void Colours_become_luma_and_grey_becomes_three_channels()
    {
        using var scope = NewDisposeScope();
        byte[] colours = [255, 0, 0, 10, 200, 30, 90, 91, 250, 7, 7, 7];
        var pixels = tensor(colours, [4, 3, 1, 1]);

        var grey = new ImageShape(1, 1).Fit(pixels);

        // Pillow's convert("L").
        Assert.Equal([76, 124, 109, 7], grey.data<byte>().ToArray());
        Assert.Equal([76, 76, 76, 124, 124, 124, 109, 109, 109, 7, 7, 7], new ImageShape(1, 3).Fit(grey).data<byte>().ToArray());
    }

    [Fact]
    public void Oblong_picture_is_cut_to_its_middle_square()
    {
        var picture = new Picture(6, 2, 1, [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
        var target = new byte[4];

        new ImageShape(2, 1).Fit(picture, target);

        Assert.Equal([2, 3, 12, 13], target);
    }

    [Fact]
    public void Picture_in_shape_is_only_reordered()
    {
        var target = new byte[12];

        new ImageShape(2, 3).Fit(new Picture(2, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), target);

        Assert.Equal([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], target);
    }

    [Fact]
    public void More_images_than_fit_in_one_go_all_arrive()
    {
        using var scope = NewDisposeScope();
        var pixels = arange(2500, ScalarType.Int64).fmod(251).to(ScalarType.Byte).view(-1, 1, 1, 1).expand(-1, 1, 3, 3);

        var resized = new ImageShape(2, 3).Fit(pixels);

        Assert.Equal([2500, 3, 2, 2], resized.shape);
        Assert.True(resized.eq(pixels.narrow(2, 0, 2).narrow(3, 0, 2)).all().item<bool>());
    }

    private static byte[] Unpack(string text)
    {
        using var unpacked = new MemoryStream();
        using var packed = new ZLibStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
