namespace CatchUp.Dashboard.Samples;

/// <summary>What tells sample grids apart: two of these are the rows and columns of a matrix, the others are chosen.</summary>
public enum MatrixAxis
{
    Run,
    Step,
    Nfe,
    Head,
    Solver,
}
