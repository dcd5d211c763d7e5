using CatchUp.Search.Spaces;

namespace CatchUp.Search.Methods;

/// <summary>
/// A density over some parameters: the mean of a kernel about each observation and of one that covers the whole space evenly, so that
/// no value is ever impossible. A kernel is a product over the parameters. On the unit interval of a number it is a normal density cut
/// at both ends; values with a step have its mass over their part of the interval; a choice keeps most of the probability for its
/// observation and shares the rest evenly (Aitchison and Aitken, 1976).
/// </summary>
internal sealed class ParzenEstimator
{
    /// <summary>Width of a kernel on the unit interval for one observation; it falls as in Scott's rule, n^(−1/(d + 4)).</summary>
    private const double Width = 0.2;

    private readonly Parameter[] _parameters;

    /// <summary>By observation, then parameter: a place on the unit interval, or a choice.</summary>
    private readonly double[][] _centres;

    /// <summary>By observation, then parameter: what a kernel's normal density has within the unit interval, and its logarithm's constant.</summary>
    private readonly double[][] _masses, _constants;

    private readonly double[] _widths;

    private readonly double _shared;

    /// <param name="parameters">Parameters that exist together.</param>
    /// <param name="observations">Their values in each trial.</param>
    public ParzenEstimator(Parameter[] parameters, double[][] observations)
    {
        _parameters = parameters;
        var count = observations.Length;
        // Never narrower than the even spacing of all observations, nor so narrow that only their neighbours are ever drawn.
        var width = Math.Max(Width * Math.Pow(Math.Max(1, count), -1.0 / (parameters.Length + 4)), 1.0 / Math.Min(100, count + 2));
        _widths = [.. parameters.Select(parameter => parameter.Count is { } values ? Math.Max(width, 0.25 / values) : width)];
        _shared = 1.0 / (count + 1);
        _centres = [.. observations.Select(values => values.Select((value, index) => parameters[index] is ChoiceParameter ? value : parameters[index].ToUnit(value)).ToArray())];
        _masses = [.. _centres.Select(centres => centres.Select((centre, index) => parameters[index] is ChoiceParameter ? 1 : Gaussian.Cumulative((1 - centre) / _widths[index]) - Gaussian.Cumulative(-centre / _widths[index])).ToArray())];
        _constants = [.. _masses.Select(masses => masses.Select((mass, index) => -Math.Log(mass * _widths[index] * Math.Sqrt(2 * Math.PI))).ToArray())];
    }

    public double[] Draw(ref CounterRandom random)
    {
        var kernel = random.Next(_centres.Length + 1);
        var values = new double[_parameters.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var chance = random.Next();
            if (kernel == _centres.Length)
            {
                values[index] = _parameters[index].FromUnit(chance);
            }
            else if (_parameters[index] is ChoiceParameter choice)
            {
                values[index] = DrawChoice(chance, _centres[kernel][index], choice.Dimension.Values.Count);
            }
            else
            {
                var centre = _centres[kernel][index];
                var from = Gaussian.Cumulative(-centre / _widths[index]);
                values[index] = _parameters[index].FromUnit(centre + (_widths[index] * Gaussian.Quantile(from + (chance * _masses[kernel][index]))));
            }
        }

        return values;
    }

    /// <summary>Natural logarithm of the joint density (of the probability where values have steps or are choices).</summary>
    public double LogDensity(double[] values) => LogMean(values, 0, _parameters.Length);

    /// <summary>The same for one parameter by itself.</summary>
    public double LogDensity(double[] values, int member) => LogMean(values, member, member + 1);

    private double LogMean(double[] values, int first, int end)
    {
        Span<(double From, double To)> cells = stackalloc (double, double)[end - first];
        var even = 0.0;
        for (var index = first; index < end; index++)
        {
            cells[index - first] = _parameters[index].Cell(values[index]);
            even += _parameters[index].Count is null ? 0 : Math.Log(cells[index - first].To - cells[index - first].From);
        }

        var logarithms = new double[_centres.Length + 1];
        logarithms[^1] = even;
        var largest = even;
        for (var kernel = 0; kernel < _centres.Length; kernel++)
        {
            var sum = 0.0;
            for (var index = first; index < end; index++)
            {
                sum += LogKernel(kernel, index, values[index], cells[index - first]);
            }

            logarithms[kernel] = sum;
            largest = Math.Max(largest, sum);
        }

        var total = 0.0;
        foreach (var logarithm in logarithms)
        {
            total += Math.Exp(logarithm - largest);
        }

        return largest + Math.Log(total / logarithms.Length);
    }

    private double LogKernel(int kernel, int index, double value, (double From, double To) cell)
    {
        var centre = _centres[kernel][index];
        if (_parameters[index] is ChoiceParameter choice)
        {
            return Math.Log(((value == centre ? 1 : 0) + _shared) / (1 + (choice.Dimension.Values.Count * _shared)));
        }

        var width = _widths[index];
        if (_parameters[index].Count is null)
        {
            var z = (cell.From - centre) / width;
            return _constants[kernel][index] - (z * z / 2);
        }

        var mass = Gaussian.Cumulative((cell.To - centre) / width) - Gaussian.Cumulative((cell.From - centre) / width);
        return Math.Log(Math.Max(mass, 1e-300) / _masses[kernel][index]);
    }

    private double DrawChoice(double chance, double observed, int count)
    {
        var rest = chance * (1 + (count * _shared));
        for (var choice = 0; choice < count; choice++)
        {
            rest -= (choice == observed ? 1 : 0) + _shared;
            if (rest < 0)
            {
                return choice;
            }
        }

        return observed;
    }
}
