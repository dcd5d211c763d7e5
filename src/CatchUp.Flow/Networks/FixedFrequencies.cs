using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>The frequencies of a positional time embedding. They are no weights, so they follow the network to its device and type here, once.</summary>
internal sealed class FixedFrequencies(int count, Func<int, double> frequency) : IDisposable
{
    private Tensor _values = tensor(Enumerable.Range(0, count).Select(k => (float)frequency(k)).ToArray()).DetachFromDisposeScope();

    /// <summary>The frequencies, [count], of the type and on the device of <paramref name="time"/>.</summary>
    public Tensor For(Tensor time)
    {
        if (_values.dtype != time.dtype || _values.device_type != time.device_type || _values.device_index != time.device_index)
        {
            var moved = _values.to(time.dtype, time.device).DetachFromDisposeScope();
            _values.Dispose();
            _values = moved;
        }

        return _values;
    }

    public void Dispose() => _values.Dispose();
}
