using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>
/// A small convolutional classifier of grey 28×28 clothes (about 70,000 parameters). Its 64 penultimate features are what the
/// extractor <c>fashion-mnist-cnn-2</c> measures images by.
/// </summary>
public sealed class FashionClassifier : nn.Module<Tensor, Tensor>
{
    public const int FeatureCount = 64, ClassCount = 10;

    private readonly Conv2d conv1 = nn.Conv2d(1, 16, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm1 = nn.BatchNorm2d(16);
    private readonly Conv2d conv2 = nn.Conv2d(16, 32, 3, stride: 2, padding: 1, bias: false);
    private readonly BatchNorm2d norm2 = nn.BatchNorm2d(32);
    private readonly Conv2d conv3 = nn.Conv2d(32, 32, 3, padding: 1, bias: false);
    private readonly BatchNorm2d norm3 = nn.BatchNorm2d(32);
    private readonly Conv2d conv4 = nn.Conv2d(32, 64, 3, stride: 2, padding: 1, bias: false);
    private readonly BatchNorm2d norm4 = nn.BatchNorm2d(64);
    private readonly Linear features = nn.Linear(64 * 3 * 3, FeatureCount);
    private readonly Linear classes = nn.Linear(FeatureCount, ClassCount);

    public FashionClassifier()
        : base(nameof(FashionClassifier)) => RegisterComponents();

    /// <summary>Images in [-1, 1], [batch, 1, 28, 28], to logits [batch, 10].</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return classes.forward(Features(images)).MoveToOuterDisposeScope();
    }

    /// <summary>Features [batch, 64] to logits [batch, 10].</summary>
    public Tensor Logits(Tensor features) => classes.forward(features);

    /// <summary>Images in [-1, 1], [batch, 1, 28, 28], to features [batch, 64].</summary>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        var h = norm1.forward(conv1.forward(images)).relu_(); // [batch, 16, 28, 28]
        h = norm2.forward(conv2.forward(h)).relu_(); // [batch, 32, 14, 14]
        h = norm3.forward(conv3.forward(h)).relu_();
        h = norm4.forward(conv4.forward(h)).relu_(); // [batch, 64, 7, 7]
        h = nn.functional.avg_pool2d(h, 3, stride: 2).flatten(1); // [batch, 64 · 3 · 3]: where a sleeve is matters
        return nn.functional.silu(features.forward(h)).MoveToOuterDisposeScope();
    }
}
