using CatchUp.Dashboard.Charts;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>Numbers that are drawn apart, because they were measured otherwise.</summary>
/// <param name="Why">In which parts its protocol differs from the drawn one: "sample count 100 instead of 500".</param>
public sealed record FidApart(FidProtocol Protocol, string Why, IReadOnlyList<FidLine> Lines);
