using CatchUp.Flow.Objectives;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

public sealed class WaveletDetailTests
{
    [Fact]
    public void Filters_are_those_of_the_orthogonal_wavelet_with_three_vanishing_moments()
    {
        var (h, g) = (WaveletDetail.LowPass, WaveletDetail.HighPass);

        // Published to 15 digits (Daubechies, "Ten lectures on wavelets", table 6.1, N = 3).
        double[] published = [0.332670552950083, 0.806891509311092, 0.459877502118491, -0.135011020010255, -0.085441273882027, 0.035226291885710];
        Assert.All(published.Zip(h), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        Assert.Equal(Math.Sqrt(2), h.Sum(), 1e-14);
        for (var shift = 0; shift < 3; shift++)
        {
            Assert.Equal(shift == 0 ? 1 : 0, Dot(h, h[(2 * shift)..]), 1e-14);
            Assert.Equal(shift == 0 ? 1 : 0, Dot(g, g[(2 * shift)..]), 1e-14);
            Assert.Equal(0, Dot(h, g[(2 * shift)..]), 1e-14);
            Assert.Equal(0, g.Select((tap, k) => tap * Math.Pow(k, shift)).Sum(), 1e-13);
        }

        static double Dot(double[] left, double[] right) => left.Zip(right).Sum(pair => pair.First * pair.Second);
    }

    /// <summary>Each coefficient is a plain sum over the zero-padded image.</summary>
    [Theory]
    [InlineData(8, 6)]
    [InlineData(7, 9)]
    public void Bands_are_sums_worked_out_one_by_one(int height, int width)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var images = randn(1, 2, height, width, dtype: ScalarType.Float64);

        var bands = WaveletDetail.Bands(images);

        Assert.Equal([1, 2, 3, (height + 5) / 2, (width + 5) / 2], bands.shape);
        var (h, g) = (WaveletDetail.LowPass, WaveletDetail.HighPass);
        (double[] Rows, double[] Columns)[] filters = [(h, g), (g, h), (g, g)];
        for (var band = 0; band < 3; band++)
        {
            for (var row = 0; row < bands.shape[3]; row++)
            {
                for (var column = 0; column < bands.shape[4]; column++)
                {
                    double sum = 0;
                    for (var i = 0; i < 6; i++)
                    {
                        for (var j = 0; j < 6; j++)
                        {
                            var (y, x) = (2 * row - 4 + i, 2 * column - 4 + j);
                            if (y >= 0 && y < height && x >= 0 && x < width)
                            {
                                sum += filters[band].Rows[i] * filters[band].Columns[j] * images[0, 1, y, x].item<double>();
                            }
                        }
                    }

                    Assert.Equal(sum, bands[0, 1, band, row, column].item<double>(), 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Picture_that_is_a_parabola_in_each_direction_has_no_detail_inside()
    {
        using var scope = NewDisposeScope();
        var ramp = arange(16, dtype: ScalarType.Float64);
        var smooth = (ramp.view(-1, 1).square() + 3 * ramp.view(1, -1)).view(1, 1, 16, 16);

        var inside = WaveletDetail.Bands(smooth).narrow(3, 2, 6).narrow(4, 2, 6);

        Assert.Equal(0, inside.abs().max().item<double>(), 1e-10);
    }

    [Fact]
    public void Distance_is_the_mean_of_the_largest_fifth_of_each_image()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var (predicted, actual) = (randn(3, 2, 8, 8, dtype: ScalarType.Float64), randn(3, 2, 8, 8, dtype: ScalarType.Float64));

        var distance = WaveletDetail.Distance(predicted, actual);

        var (left, right) = (WaveletDetail.Bands((predicted + 1) / 2), WaveletDetail.Bands((actual + 1) / 2));
        var expected = Enumerable.Range(0, 3).Average(image =>
        {
            var differences = (left[image] - right[image]).abs().view(-1).data<double>().ToArray();
            return differences.OrderDescending().Take((int)(0.2 * differences.Length)).Average();
        });
        Assert.Equal(expected, distance.item<double>(), 1e-12);
    }

    [Fact]
    public void Following_the_gradient_brings_the_details_together()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var actual = randn(2, 1, 16, 16);
        var predicted = randn(2, 1, 16, 16).requires_grad_();
        var before = WaveletDetail.Distance(predicted, actual);

        before.backward();

        var step = predicted.grad! * (1e-3 / predicted.grad!.square().sum().item<float>());
        var after = WaveletDetail.Distance(predicted.detach() - step, actual);
        Assert.Equal(before.item<float>() - 1e-3, after.item<float>(), 1e-4);
    }
}
