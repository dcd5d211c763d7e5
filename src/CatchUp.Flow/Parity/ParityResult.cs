namespace CatchUp.Flow.Parity;

internal enum ParityOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One number or tensor compared.</summary>
/// <param name="What">Its name in the case.</param>
/// <param name="Error">How far off it is.</param>
/// <param name="Tolerance">How far off it may be.</param>
internal sealed record ParityError(string What, double Error, double Tolerance)
{
    /// <summary>False for NaN too.</summary>
    public bool IsTolerable => Error <= Tolerance;

    /// <summary>Error in units of the tolerance; orders errors whose tolerances differ.</summary>
    public double Severity => double.IsNaN(Error) ? double.PositiveInfinity : Error / Tolerance;
}

/// <summary>What became of one case.</summary>
internal sealed record ParityResult(string Kind, ParityOutcome Outcome, ParityError? Largest, string? Remark)
{
    public static ParityResult Skip(string kind, string reason) => new(kind, ParityOutcome.Skipped, null, reason);

    public static ParityResult Fail(string kind, string reason) => new(kind, ParityOutcome.Failed, null, reason);
}
