namespace CatchUp.Tracking.Metrics;

/// <summary>What a metric may be called, and the names that mean something to the platform.</summary>
internal static class MetricName
{
    public const int MaximumLength = 200;

    /// <summary>The objective's value; the last one is shown in lists.</summary>
    public const string Loss = "loss";

    /// <summary>Measurements of the machine, on an axis of seconds; the trainer may not use it.</summary>
    public const string SystemPrefix = "system/";

    public static bool IsSystem(string name) => name.StartsWith(SystemPrefix, StringComparison.Ordinal);

    public static string Axis(string name) => IsSystem(name) ? "seconds" : "step";

    /// <summary>What is wrong with the name; null when it may be stored.</summary>
    public static string? Problem(string name) => name switch
    {
        "" => "it is empty",
        { Length: > MaximumLength } => $"it has {name.Length:N0} characters, and at most {MaximumLength} are kept",
        _ when name.Any(char.IsControl) => "it contains control characters",
        _ => null,
    };
}
