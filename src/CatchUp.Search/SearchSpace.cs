using System.Numerics;

namespace CatchUp.Search;

/// <summary>The product of its dimensions. Without dimensions it has one configuration: the base.</summary>
public sealed class SearchSpace
{
    public SearchSpace(IReadOnlyList<Dimension> dimensions)
    {
        if (dimensions.Any(dimension => dimension.Values.Count == 0))
        {
            throw new ArgumentException("A dimension without values has no configurations.", nameof(dimensions));
        }

        Dimensions = dimensions;
        Size = dimensions.Aggregate(BigInteger.One, (size, dimension) => size * dimension.Values.Count);
        Keys = [.. dimensions.SelectMany(dimension => dimension.Keys)];
    }

    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>Number of configurations, however many.</summary>
    public BigInteger Size { get; }

    /// <summary>The keys that differ between configurations.</summary>
    public IReadOnlyList<string> Keys { get; }
}
