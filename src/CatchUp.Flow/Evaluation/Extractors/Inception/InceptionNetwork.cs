using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors.Inception;

/// <summary>
/// Inception-v3 (Szegedy et al. 2016) as the FID was defined with: the network of 2015-12-05 with 1008 classes. It departs from the
/// published architecture in its pools: the 3×3 averages of Mixed_5b to Mixed_7b leave padding out of the mean, Mixed_7c takes the maximum.
/// Weights have the names of the usual PyTorch port.
/// </summary>
internal sealed class InceptionNetwork : IDisposable
{
    public const int FeatureCount = 2048, ClassCount = 1008;

    private const int Side = 299;

    private readonly WeightSource weights;
    private readonly List<InceptionConvolution> convolutions = [];
    private readonly Func<Tensor, Tensor>[] layers;
    private readonly Tensor classWeight; // [1008, 2048]
    private readonly Tensor classBias; // [1008]

    /// <param name="weights">Where each weight is taken from, on the device where the network will compute.</param>
    public InceptionNetwork(WeightSource weights)
    {
        this.weights = weights;
        layers =
        [
            Convolution("Conv2d_1a_3x3", 3, 32, 3, stride: 2, padded: false), // [batch, 32, 149, 149]
            Convolution("Conv2d_2a_3x3", 32, 32, 3, padded: false),
            Convolution("Conv2d_2b_3x3", 32, 64, 3),
            HalvingPool, // [batch, 64, 73, 73]
            Convolution("Conv2d_3b_1x1", 64, 80, 1),
            Convolution("Conv2d_4a_3x3", 80, 192, 3, padded: false),
            HalvingPool, // [batch, 192, 35, 35]
            FiveByFive("Mixed_5b", 192, pooled: 32),
            FiveByFive("Mixed_5c", 256, pooled: 64),
            FiveByFive("Mixed_5d", 288, pooled: 64),
            FirstReduction("Mixed_6a", 288), // [batch, 768, 17, 17]
            SevenBySeven("Mixed_6b", 128),
            SevenBySeven("Mixed_6c", 160),
            SevenBySeven("Mixed_6d", 160),
            SevenBySeven("Mixed_6e", 192),
            SecondReduction("Mixed_7a", 768), // [batch, 1280, 8, 8]
            Widest("Mixed_7b", 1280, AveragePool),
            Widest("Mixed_7c", 2048, MaximumPool), // [batch, 2048, 8, 8]
        ];
        using var scope = NewDisposeScope();
        classWeight = weights("fc.weight", ClassCount, FeatureCount).clone().DetachFromDisposeScope();
        classBias = weights("fc.bias", ClassCount).clone().DetachFromDisposeScope();
    }

    /// <summary>The 2048 pool features.</summary>
    /// <param name="images">[batch, 3, height, width] in [0, 1]; resized bilinearly (half-pixel centres) to 299×299 and mapped to [-1, 1].</param>
    /// <returns>[batch, 2048].</returns>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        var resized = nn.functional.interpolate(images, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false);
        return Chain(layers)(resized * 2 - 1).mean([2, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of the classes, [batch, 1008], from features.</summary>
    public Tensor Logits(Tensor features) => nn.functional.linear(features, classWeight, classBias);

    public void Dispose()
    {
        convolutions.ForEach(convolution => convolution.Dispose());
        classWeight.Dispose();
        classBias.Dispose();
    }

    private Func<Tensor, Tensor> FiveByFive(string name, long channels, long pooled) => SideBySide(
        Convolution($"{name}.branch1x1", channels, 64, 1),
        Chain(
            Convolution($"{name}.branch5x5_1", channels, 48, 1),
            Convolution($"{name}.branch5x5_2", 48, 64, 5)),
        Chain(
            Convolution($"{name}.branch3x3dbl_1", channels, 64, 1),
            Convolution($"{name}.branch3x3dbl_2", 64, 96, 3),
            Convolution($"{name}.branch3x3dbl_3", 96, 96, 3)),
        Chain(AveragePool, Convolution($"{name}.branch_pool", channels, pooled, 1)));

    private Func<Tensor, Tensor> FirstReduction(string name, long channels) => SideBySide(
        Convolution($"{name}.branch3x3", channels, 384, 3, stride: 2, padded: false),
        Chain(
            Convolution($"{name}.branch3x3dbl_1", channels, 64, 1),
            Convolution($"{name}.branch3x3dbl_2", 64, 96, 3),
            Convolution($"{name}.branch3x3dbl_3", 96, 96, 3, stride: 2, padded: false)),
        HalvingPool);

    private Func<Tensor, Tensor> SevenBySeven(string name, long inner) => SideBySide(
        Convolution($"{name}.branch1x1", 768, 192, 1),
        Chain(
            Convolution($"{name}.branch7x7_1", 768, inner, 1),
            Convolution($"{name}.branch7x7_2", inner, inner, (1, 7)),
            Convolution($"{name}.branch7x7_3", inner, 192, (7, 1))),
        Chain(
            Convolution($"{name}.branch7x7dbl_1", 768, inner, 1),
            Convolution($"{name}.branch7x7dbl_2", inner, inner, (7, 1)),
            Convolution($"{name}.branch7x7dbl_3", inner, inner, (1, 7)),
            Convolution($"{name}.branch7x7dbl_4", inner, inner, (7, 1)),
            Convolution($"{name}.branch7x7dbl_5", inner, 192, (1, 7))),
        Chain(AveragePool, Convolution($"{name}.branch_pool", 768, 192, 1)));

    private Func<Tensor, Tensor> SecondReduction(string name, long channels) => SideBySide(
        Chain(
            Convolution($"{name}.branch3x3_1", channels, 192, 1),
            Convolution($"{name}.branch3x3_2", 192, 320, 3, stride: 2, padded: false)),
        Chain(
            Convolution($"{name}.branch7x7x3_1", channels, 192, 1),
            Convolution($"{name}.branch7x7x3_2", 192, 192, (1, 7)),
            Convolution($"{name}.branch7x7x3_3", 192, 192, (7, 1)),
            Convolution($"{name}.branch7x7x3_4", 192, 192, 3, stride: 2, padded: false)),
        HalvingPool);

    private Func<Tensor, Tensor> Widest(string name, long channels, Func<Tensor, Tensor> pool) => SideBySide(
        Convolution($"{name}.branch1x1", channels, 320, 1),
        Chain(
            Convolution($"{name}.branch3x3_1", channels, 384, 1),
            SideBySide(
                Convolution($"{name}.branch3x3_2a", 384, 384, (1, 3)),
                Convolution($"{name}.branch3x3_2b", 384, 384, (3, 1)))),
        Chain(
            Convolution($"{name}.branch3x3dbl_1", channels, 448, 1),
            Convolution($"{name}.branch3x3dbl_2", 448, 384, 3),
            SideBySide(
                Convolution($"{name}.branch3x3dbl_3a", 384, 384, (1, 3)),
                Convolution($"{name}.branch3x3dbl_3b", 384, 384, (3, 1)))),
        Chain(pool, Convolution($"{name}.branch_pool", channels, 192, 1)));

    private Func<Tensor, Tensor> Convolution(string name, long inChannels, long outChannels, long kernel, long stride = 1, bool padded = true) =>
        Convolution(name, inChannels, outChannels, (kernel, kernel), stride, padded);

    private Func<Tensor, Tensor> Convolution(string name, long inChannels, long outChannels, (long Height, long Width) kernel, long stride = 1, bool padded = true)
    {
        convolutions.Add(new InceptionConvolution(weights, name, inChannels, outChannels, kernel, stride, padded));
        return convolutions[^1].Forward;
    }

    /// <summary>One after another; what a layer made goes as soon as the next has used it.</summary>
    private static Func<Tensor, Tensor> Chain(params Func<Tensor, Tensor>[] layers) => images =>
    {
        var x = layers[0](images);
        foreach (var layer in layers.Skip(1))
        {
            using var used = x;
            x = layer(used);
        }

        return x;
    };

    /// <summary>Each on the same input, their channels joined in this order.</summary>
    private static Func<Tensor, Tensor> SideBySide(params Func<Tensor, Tensor>[] branches) => x =>
    {
        using var scope = NewDisposeScope();
        return cat([.. branches.Select(branch => branch(x))], 1).MoveToOuterDisposeScope();
    };

    private static Tensor HalvingPool(Tensor x) => nn.functional.max_pool2d(x, 3, stride: 2);

    private static Tensor AveragePool(Tensor x) => nn.functional.avg_pool2d(x, 3, stride: 1, padding: 1, count_include_pad: false);

    private static Tensor MaximumPool(Tensor x) => nn.functional.max_pool2d(x, 3, stride: 1, padding: 1);
}
