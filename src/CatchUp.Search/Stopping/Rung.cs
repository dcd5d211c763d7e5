namespace CatchUp.Search.Stopping;

/// <summary>The values of the trials that came to a rung, best first.</summary>
internal sealed class Rung
{
    private readonly List<(double Cost, int Trial)> _values = [];

    public int Count => _values.Count;

    /// <returns>The place of the value among all, from 1; among equal ones the earlier trial's is before.</returns>
    public int Add(double cost, int trial)
    {
        var at = ~_values.BinarySearch((cost, trial));
        _values.Insert(at, (cost, trial));
        return at + 1;
    }

    /// <summary>Undoes <see cref="Add"/>.</summary>
    public void Remove(double cost, int trial) => _values.RemoveAt(_values.BinarySearch((cost, trial)));

    /// <summary>How many of those here go on: ⌊n/η⌋.</summary>
    public int GoOn(double reduction) => (int)(_values.Count / reduction);

    public double CostAt(int place) => _values[place - 1].Cost;

    public int PlaceOf(double cost, int trial) => _values.BinarySearch((cost, trial)) + 1;

    public IEnumerable<(double Cost, int Trial)> Best(int count) => _values.Take(count);
}
