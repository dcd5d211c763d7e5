namespace CatchUp.Tracking.Database;

/// <summary>Rows for a table, by columns: a statement with a parameter for every value of every row takes longer to read than to carry out.</summary>
/// <param name="Table">Where to.</param>
/// <param name="Columns">What differs: for each column an array with the rows' values, of long, int, string or Guid.</param>
/// <param name="Same">Columns that are the same in all rows, with their value in SQL.</param>
internal sealed record NewRows(string Table, IReadOnlyList<(string Name, Array Values)> Columns, IReadOnlyList<(string Name, string Value)> Same)
{
    public int Count => Columns[0].Values.Length;

    /// <summary>As in INSERT INTO table (these).</summary>
    public string Names => string.Join(", ", [.. Columns.Select(column => column.Name), .. Same.Select(column => column.Name)]);
}
