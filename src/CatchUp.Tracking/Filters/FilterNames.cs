using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>What terms may be called.</summary>
internal static class FilterNames
{
    /// <summary>Metrics of evaluations: "fid", "kid", …</summary>
    public static IReadOnlyList<string> Evaluations { get; } = [.. SpecificationSchema.Find("evaluation.metrics")!.Choices];

    public static IReadOnlyList<string> Solvers { get; } = [.. SpecificationSchema.Find("evaluation.solvers")!.Choices];

    /// <summary>A field or a key of the configuration; null when nothing is called so. What is both is the field: it says the same.</summary>
    public static RunTerm? Find(string name) =>
        RunField.Find(name) is { } field ? new RunTerm.Field(field)
        : SpecificationSchema.Find(name) is { Kind: not KeyKind.Section } key ? new RunTerm.Key(key)
        : null;

    public static string? Closest(string name) =>
        ClosestWord.Find(name, [.. RunField.All.Select(field => field.Name), .. Evaluations, "metric"]) ?? (name.Contains('.', StringComparison.Ordinal) || name.Length > 3 ? SpecificationSchema.Closest(name) : null);
}
