using System.Numerics;

namespace CatchUp.Search.Methods;

/// <summary>
/// Sobol's sequence: points that fill the unit cube more evenly than chance (Sobol 1967; Bratley and Fox 1988), scrambled by a seed as
/// Owen (1995) describes, so that other seeds give other points that fill it as evenly.
/// The direction numbers are our own, found in the way of Joe and Kuo (2008): primitive polynomials over GF(2) in order of degree, and
/// for each axis those initial numbers, among some drawn by a fixed rule, whose planes with the axes before it have the lowest t-values.
/// Joe and Kuo search longer and weigh more planes; their published table is not used.
/// </summary>
public sealed class SobolSequence
{
    /// <summary>Most axes.</summary>
    public const int MostDimensions = 256;

    private const int Bits = 32, Candidates = 12, Neighbours = 16;

    /// <summary>Planes are judged on the first 2^k points for these k.</summary>
    private static readonly int[] Sizes = [4, 6, 8, 10];

    private static readonly List<uint[]> Directions = [];

    private static readonly Lock Gate = new();

    private readonly uint[][] _directions;

    private readonly ulong[] _keys;

    /// <param name="dimensions">Number of axes, from 1 to <see cref="MostDimensions"/>.</param>
    /// <param name="seed">Of the scrambling; null leaves the points unscrambled, the first of them then being the origin's cell.</param>
    public SobolSequence(int dimensions, int? seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        lock (Gate)
        {
            while (Directions.Count < dimensions)
            {
                Directions.Add(Find(Directions.Count));
            }

            _directions = [.. Directions.Take(dimensions)];
        }

        _keys = seed is null ? [] : [.. Enumerable.Range(0, dimensions).Select(dimension => new CounterRandom(seed.Value, dimension, Purposes.Scrambling).Bits())];
    }

    /// <summary>Writes a point, each coordinate above 0 and below 1.</summary>
    /// <param name="index">From 0, below 2^32.</param>
    /// <param name="point">As many numbers as there are axes.</param>
    public void Point(long index, Span<double> point)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, uint.MaxValue);
        for (var dimension = 0; dimension < _directions.Length; dimension++)
        {
            var bits = 0u;
            for (var rest = (uint)index; rest != 0; rest &= rest - 1)
            {
                bits ^= _directions[dimension][BitOperations.TrailingZeroCount(rest)];
            }

            point[dimension] = ((_keys.Length == 0 ? bits : Scramble(bits, _keys[dimension])) + 0.5) / (1UL << Bits);
        }
    }

    /// <summary>The direction numbers of an axis: number k is v_{k+1}, its first binary digit the highest bit.</summary>
    internal static IReadOnlyList<uint> DirectionsOf(int dimension) => new SobolSequence(dimension + 1, null)._directions[dimension];

    /// <summary>The degree and the polynomial of an axis after the first, its coefficients as bits.</summary>
    internal static (int Degree, uint Polynomial) PolynomialOf(int dimension) => Primitive().ElementAt(dimension - 1);

    /// <summary>The largest number of leading digits, over all ways to share them between two axes, that the first 2^size points do not fill evenly: 0 is best.</summary>
    internal static int TValue(IReadOnlyList<uint> first, IReadOnlyList<uint> second, int size)
    {
        var even = size;
        for (var shared = 0; shared <= size; shared++)
        {
            var basis = new uint[size];
            var independent = 0;
            while (independent < shared && Insert(basis, Row(first, independent, size)))
            {
                independent++;
            }

            if (independent < shared)
            {
                even = Math.Min(even, shared - 1);
                break;
            }

            var more = 0;
            while (more < size - shared && Insert(basis, Row(second, more, size)))
            {
                more++;
            }

            if (shared + more < size)
            {
                // With shared digits of the first, the second adds no more than this.
                even = Math.Min(even, shared + more);
            }
        }

        return size - even;
    }

    /// <summary>Each digit is turned or not by a hash of the digits above it: a random tree of swaps.</summary>
    private static uint Scramble(uint bits, ulong key)
    {
        var scrambled = 0u;
        for (var digit = 0; digit < Bits; digit++)
        {
            var above = digit == 0 ? 0 : bits >> (Bits - digit);
            var turn = (uint)(CounterRandom.Mix(key ^ (((ulong)digit << Bits) | above)) >> 63);
            scrambled |= (((bits >> (Bits - 1 - digit)) & 1) ^ turn) << (Bits - 1 - digit);
        }

        return scrambled;
    }

    private static uint[] Find(int dimension)
    {
        // The first axis is van der Corput's: every m is 1.
        if (dimension == 0)
        {
            return [.. Enumerable.Range(0, Bits).Select(k => 1u << (Bits - 1 - k))];
        }

        var (degree, polynomial) = PolynomialOf(dimension);
        var random = new CounterRandom(0, dimension, Purposes.Directions);
        (uint[]? Numbers, double Cost) best = (null, double.PositiveInfinity);
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            // m_k is odd and below 2^k.
            var initial = new uint[degree];
            for (var k = 0; k < degree; k++)
            {
                initial[k] = (uint)((random.Bits() >> 40) % (1u << k) * 2) + 1;
            }

            var numbers = Extend(initial, degree, polynomial);
            var cost = 0.0;
            for (var other = Math.Max(0, dimension - Neighbours); other < dimension && cost < best.Cost; other++)
            {
                foreach (var size in Sizes)
                {
                    var t = TValue(Directions[other], numbers, size);
                    cost += (double)t * t * t;
                }
            }

            if (cost < best.Cost)
            {
                best = (numbers, cost);
            }
        }

        return best.Numbers!;
    }

    /// <summary>v_k = a_1 v_{k−1} ⊕ … ⊕ a_{s−1} v_{k−s+1} ⊕ v_{k−s} ⊕ (v_{k−s} / 2^s), the recurrence of the polynomial x^s + a_1 x^{s−1} + … + 1.</summary>
    private static uint[] Extend(uint[] initial, int degree, uint polynomial)
    {
        var numbers = new uint[Bits];
        for (var k = 0; k < Bits; k++)
        {
            if (k < degree)
            {
                numbers[k] = initial[k] << (Bits - 1 - k);
                continue;
            }

            numbers[k] = numbers[k - degree] ^ (numbers[k - degree] >> degree);
            for (var power = 1; power < degree; power++)
            {
                if (((polynomial >> (degree - power)) & 1) == 1)
                {
                    numbers[k] ^= numbers[k - power];
                }
            }
        }

        return numbers;
    }

    /// <summary>Primitive polynomials in order of degree and size: those for which the powers of x run through every residue.</summary>
    private static IEnumerable<(int Degree, uint Polynomial)> Primitive()
    {
        for (var degree = 1; ; degree++)
        {
            for (var polynomial = (1u << degree) | 1; polynomial < 1u << (degree + 1); polynomial += 2)
            {
                var order = 0;
                var residue = 1u;
                do
                {
                    residue <<= 1;
                    residue = (residue >> degree) == 1 ? residue ^ polynomial : residue;
                    order++;
                }
                while (residue != 1 && order < 1 << degree);

                if (residue == 1 && order == (1 << degree) - 1)
                {
                    yield return (degree, polynomial);
                }
            }
        }
    }

    /// <summary>How a digit of the first 2^size points depends on the digits of their indices.</summary>
    private static uint Row(IReadOnlyList<uint> numbers, int digit, int size)
    {
        var row = 0u;
        for (var column = 0; column < size; column++)
        {
            row |= ((numbers[column] >> (Bits - 1 - digit)) & 1) << column;
        }

        return row;
    }

    /// <summary>Adds a vector to a basis over GF(2); false when it depends on the others.</summary>
    private static bool Insert(uint[] basis, uint row)
    {
        while (row != 0)
        {
            var top = BitOperations.Log2(row);
            if (basis[top] == 0)
            {
                basis[top] = row;
                return true;
            }

            row ^= basis[top];
        }

        return false;
    }
}
