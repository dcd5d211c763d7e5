using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>The nearest of many features to each of some others, by Euclidean distance in float64. Of equals the first.</summary>
/// <param name="Indices">Places among the candidates, one for each query.</param>
/// <param name="Distances">Distances to them; NaN where a feature of the query was not finite.</param>
public sealed record NearestNeighbours(IReadOnlyList<long> Indices, IReadOnlyList<double> Distances)
{
    // Candidates looked at at a time; bounds memory, not the result.
    private const int BlockRows = 4096;

    /// <summary>Finds the nearest candidate of every query.</summary>
    /// <param name="queries">[queries, dimensions].</param>
    /// <param name="candidates">[candidates, dimensions], at least one.</param>
    /// <param name="itself">Places of the queries among the candidates, when they are candidates themselves: a query is not its own neighbour.</param>
    /// <exception cref="ArgumentException">The shapes do not allow it.</exception>
    public static NearestNeighbours Of(Tensor queries, Tensor candidates, IReadOnlyList<long>? itself = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(candidates);
        if (queries.dim() != 2 || candidates.dim() != 2 || queries.shape[1] != candidates.shape[1] || candidates.shape[0] <= (itself is null ? 0 : 1))
        {
            throw new ArgumentException($"The features must be [any, dimensions] of at least one neighbour, not [{string.Join(", ", queries.shape)}] and [{string.Join(", ", candidates.shape)}].", nameof(candidates));
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Moving both changes no distance, and leaves products small enough to keep their digits.
        var centre = candidates.narrow(0, 0, Math.Min(BlockRows, candidates.shape[0])).to(ScalarType.Float64).mean([0]);
        var x = queries.to(ScalarType.Float64) - centre;
        var squares = x.square().sum(1, keepdim: true);
        var nearest = new long[queries.shape[0]];
        var least = Enumerable.Repeat(double.PositiveInfinity, nearest.Length).ToArray();
        for (long first = 0; first < candidates.shape[0]; first += BlockRows)
        {
            using var blockScope = NewDisposeScope();
            var rows = (int)Math.Min(BlockRows, candidates.shape[0] - first);
            var y = candidates.narrow(0, first, rows).to(ScalarType.Float64) - centre;
            // ‖x − y‖² = ‖x‖² + ‖y‖² − 2x·y
            var distances = x.mm(y.t()).mul_(-2).add_(squares).add_(y.square().sum(1)).data<double>().ToArray();
            for (var query = 0; query < nearest.Length; query++)
            {
                for (var row = 0; row < rows; row++)
                {
                    if (distances[(query * rows) + row] < least[query] && itself?[query] != first + row)
                    {
                        (nearest[query], least[query]) = (first + row, distances[(query * rows) + row]);
                    }
                }
            }
        }

        // From the difference itself: a copy is at distance 0, not at a rounding error.
        var exact = (x - (candidates.index_select(0, tensor(nearest)).to(ScalarType.Float64) - centre)).square().sum(1).sqrt();
        return new NearestNeighbours(nearest, exact.data<double>().ToArray());
    }
}
