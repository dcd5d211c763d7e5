namespace CatchUp.Dashboard.Parameters;

public enum AxisKind
{
    Linear,
    Logarithmic,

    /// <summary>Words, truth values, lists: places without distances.</summary>
    Categories,
}
