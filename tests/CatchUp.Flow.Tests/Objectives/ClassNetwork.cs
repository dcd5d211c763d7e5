using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

/// <summary>A velocity that is its class, scaled by a parameter: v(z, t, label) = a·label.</summary>
internal sealed class ClassNetwork : VelocityNetwork
{
    private readonly TorchSharp.Modules.Parameter _a;

    public ClassNetwork(int classes, double a = 1)
        : base(nameof(ClassNetwork))
    {
        Classes = classes;
        _a = new(tensor(a, dtype: ScalarType.Float64));
        RegisterComponents();
        KeepWeights();
    }

    public override int Heads => 1;

    public override bool DiscreteTime => false;

    public override int TimeSteps => 16;

    public override IReadOnlyList<long> ImageShape => [1, 2, 2];

    public override int Classes { get; }

    public override Tensor Features(Tensor z, Tensor t, Tensor? labels = null) => zeros_like(z) + _a * labels!.view(-1, 1, 1, 1);

    protected override Tensor ApplyHead(Tensor features, int head) => features;
}
