using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>Collects the comparisons of one case.</summary>
internal sealed class Comparison
{
    private readonly List<ParityError> _errors = [];
    private readonly List<string> _remarks = [];

    /// <summary>Compares tensors by their largest absolute difference.</summary>
    public void Tensors(string what, Tensor expected, Tensor actual, double tolerance)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
        {
            throw new InvalidDataException($"{what} should be [{string.Join(", ", expected.shape)}], but [{string.Join(", ", actual.shape)}] was computed");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var difference = (actual.to(ScalarType.Float64, CPU) - expected.to(ScalarType.Float64, CPU)).abs();
        // max() passes NaN on, and NaN is within no tolerance.
        _errors.Add(new ParityError(what, difference.numel() == 0 ? 0 : difference.max().item<double>(), tolerance));
    }

    /// <summary>Compares numbers by their absolute difference.</summary>
    public void Numbers(string what, double expected, double actual, double tolerance) =>
        _errors.Add(new ParityError(what, Math.Abs(actual - expected), tolerance));

    /// <summary>Compares numbers by their difference as a part of the expected one, where that is not 0.</summary>
    public void RelativeNumbers(string what, double expected, double actual, double tolerance) =>
        _errors.Add(new ParityError(what, Math.Abs(actual - expected) / (expected == 0 ? 1 : Math.Abs(expected)), tolerance));

    /// <summary>Says something beside the numbers, such as what was left out.</summary>
    public void Remark(string text) => _remarks.Add(text);

    /// <summary>Passed when something was compared and all of it is tolerable.</summary>
    public ParityResult Result(string kind)
    {
        var remark = _remarks.Count == 0 ? null : string.Join("; ", _remarks);
        return _errors.Count == 0
            ? new ParityResult(kind, ParityOutcome.Skipped, null, remark ?? "the case has nothing to compare")
            : new ParityResult(kind, _errors.All(error => error.IsTolerable) ? ParityOutcome.Passed : ParityOutcome.Failed, _errors.MaxBy(error => error.Severity), remark);
    }
}
