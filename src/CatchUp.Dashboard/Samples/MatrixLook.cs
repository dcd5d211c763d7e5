namespace CatchUp.Dashboard.Samples;

/// <summary>How two cells of a matrix are looked at, as large as the screen allows.</summary>
public enum MatrixLook
{
    /// <summary>The second one alone.</summary>
    One,

    Beside,

    /// <summary>One after the other in the same place.</summary>
    Flicker,

    /// <summary>The second less the first.</summary>
    Difference,
}
