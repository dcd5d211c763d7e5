namespace CatchUp.Contracts.Sweeps;

/// <summary>One thing wrong in a sweep file.</summary>
/// <param name="Path">Dotted path of the key: <c>base.training.iterations</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Line">Line in the document, from 1; 0 where there is none.</param>
/// <param name="Column">Column in the line, from 1; 0 where there is none.</param>
/// <param name="Suggestion">The closest right key or value, if one is close.</param>
public sealed record SweepProblem(string Path, string Message, int Line = 0, int Column = 0, string? Suggestion = null);
