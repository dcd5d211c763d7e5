using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Objectives;

/// <summary>
/// A velocity that can be worked out by hand, head i: v_i(z, t) = a·z + b·t + i − 1, with a and b parameters. It notes
/// every pass: the times it was fed, and whether gradients were kept.
/// </summary>
internal sealed class LinearNetwork : VelocityNetwork
{
    public const double A = 0.7;
    public const double B = 0.4;

    private readonly TorchSharp.Modules.Parameter _a;
    private readonly TorchSharp.Modules.Parameter _b;

    public LinearNetwork(int heads, bool discreteTime = false, int timeSteps = 4, double a = A, double b = B)
        : base(nameof(LinearNetwork))
    {
        _a = new(tensor(a, dtype: ScalarType.Float64));
        _b = new(tensor(b, dtype: ScalarType.Float64));
        Heads = heads;
        DiscreteTime = discreteTime;
        TimeSteps = timeSteps;
        RegisterComponents();
        KeepWeights();
    }

    public List<(double[] Times, bool Gradient)> Passes { get; } = [];

    public override int Heads { get; }

    public override bool DiscreteTime { get; }

    public override int TimeSteps { get; }

    public override IReadOnlyList<long> ImageShape => [1, 1, 1];

    public Tensor GradientOfA => _a.grad!;

    /// <summary>v₁ at a time, worked out by hand.</summary>
    public static double V(double z, double t, double a = A, double b = B) => a * z + b * t;

    public override Tensor Features(Tensor z, Tensor t, Tensor? labels = null)
    {
        Passes.Add((t.to(ScalarType.Float64).data<double>().ToArray(), is_grad_enabled()));
        var time = DiscreteTime ? t.to(ScalarType.Float64) / TimeSteps : t.to(ScalarType.Float64);
        return _a * z + _b * time.view(-1, 1, 1, 1);
    }

    protected override Tensor ApplyHead(Tensor features, int head) => features + (head - 1);
}
