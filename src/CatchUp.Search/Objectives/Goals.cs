namespace CatchUp.Search.Objectives;

/// <summary>Objectives turned so that less is better.</summary>
internal static class Goals
{
    /// <summary>The value as a cost; what is not a number is the worst.</summary>
    public static double Cost(this Goal goal, double value) => double.IsNaN(value) ? double.PositiveInfinity : goal == Goal.Minimize ? value : -value;

    public static double[] Costs(this IReadOnlyList<Goal> goals, IReadOnlyList<double> values) => [.. values.Select((value, index) => goals[index].Cost(value))];
}
