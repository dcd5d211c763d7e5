namespace CatchUp.Search.Spaces;

/// <summary>
/// Steps through every configuration of a finite space once: nested loops, parameters outside those that depend on them, otherwise the
/// last fastest. A parameter that does not exist has no loop, so nothing is visited twice. Constraints are the caller's part.
/// </summary>
internal sealed class GridWalk(SearchSpace space)
{
    /// <summary>Values by place in the space's parameters, NaN where one does not exist.</summary>
    public double[] First()
    {
        var values = new double[space.Parameters.Count];
        Restart(values, 0);
        return values;
    }

    /// <summary>The configuration after this one; null after the last.</summary>
    public double[]? Next(double[] current)
    {
        var values = (double[])current.Clone();
        for (var position = space.Order.Count - 1; position >= 0; position--)
        {
            var index = space.Order[position];
            var parameter = space.Parameters[index];
            if (!double.IsNaN(values[index]) && parameter.PlaceOf(values[index]) is var place && place + 1 < parameter.Count)
            {
                values[index] = parameter.ValueAt(place + 1);
                Restart(values, position + 1);
                return values;
            }
        }

        return null;
    }

    public Configuration Configuration(double[] values) => new(space, values);

    private void Restart(double[] values, int position)
    {
        for (; position < space.Order.Count; position++)
        {
            var index = space.Order[position];
            values[index] = space.Exists(index, values) ? space.Parameters[index].ValueAt(0) : double.NaN;
        }
    }
}
