using System.Globalization;

namespace CatchUp.Search;

/// <summary>Every configuration of a space once, in the order of nested loops: the last dimension changes fastest. Nothing is enumerated before it is asked for.</summary>
public sealed class GridSearch
{
    /// <summary>Joined labels longer than this give way to a number.</summary>
    private const int LongestName = 80;

    private readonly SearchSpace _space;

    /// <exception cref="ArgumentException">The space has more configurations than an index can name, or conditions, constraints or numbers without a list: a search by grid walks those.</exception>
    public GridSearch(SearchSpace space)
    {
        if (!space.IsPlain)
        {
            throw new ArgumentException("A grid by index needs lists alone, without conditions or constraints.", nameof(space));
        }

        if (space.Size > int.MaxValue)
        {
            throw new ArgumentException($"A grid of {space.Size} configurations cannot be enumerated.", nameof(space));
        }

        _space = space;
        Count = (int)space.Size;
        // All names of a grid are made in one way, so that a number never equals a label.
        Numbered = space.Dimensions.Sum(dimension => dimension.Labels.Max(label => label.Length) + 1) > LongestName;
    }

    public int Count { get; }

    private bool Numbered { get; }

    /// <summary>The configuration of an index from 0: the index written in the mixed radix of the dimensions' sizes.</summary>
    public Trial this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var choices = new int[_space.Dimensions.Count];
            var rest = index;
            for (var position = choices.Length - 1; position >= 0; position--)
            {
                (rest, choices[position]) = Math.DivRem(rest, _space.Dimensions[position].Values.Count);
            }

            var label = Numbered
                ? string.Create(CultureInfo.InvariantCulture, $"trial{index + 1}")
                : string.Join('-', choices.Select((choice, position) => _space.Dimensions[position].Labels[choice]));
            return new Trial(index, label, [.. choices.Select((choice, position) => new Setting(_space.Dimensions[position], choice))]);
        }
    }

    /// <summary>Indices of the configurations that differ from one in a single dimension.</summary>
    public IEnumerable<int> Neighbours(int index)
    {
        var stride = 1;
        for (var position = _space.Dimensions.Count - 1; position >= 0; position--)
        {
            var size = _space.Dimensions[position].Values.Count;
            var choice = index / stride % size;
            for (var other = 0; other < size; other++)
            {
                if (other != choice)
                {
                    yield return index + (other - choice) * stride;
                }
            }

            stride *= size;
        }
    }

    public IEnumerable<Trial> Trials() => Enumerable.Range(0, Count).Select(index => this[index]);
}
