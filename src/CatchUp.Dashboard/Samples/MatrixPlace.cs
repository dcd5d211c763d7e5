namespace CatchUp.Dashboard.Samples;

/// <summary>A place on an axis of a matrix: a run, a step, a number of evaluations, a head or a solver.</summary>
/// <param name="Number">Of a solver its place among the solvers; otherwise what it says.</param>
/// <param name="Text">What it is called.</param>
public readonly record struct MatrixPlace(MatrixAxis Axis, long Number, string Text);
