using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>A vector for each class, drawn from N(0, I).</summary>
internal sealed class ClassEmbedding : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    public ClassEmbedding(int classes, int width)
        : base(nameof(ClassEmbedding))
    {
        _weight = new Parameter(randn(classes, width, dtype: ScalarType.Float32));
        RegisterComponents();
    }

    /// <summary>[batch] int64 → [batch, width].</summary>
    public Tensor Forward(Tensor labels) => _weight.index_select(0, labels);
}
