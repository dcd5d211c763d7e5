namespace CatchUp.Tracking.Configurations;

internal sealed class ConfigurationKeyEntity
{
    public int Id { get; set; }

    /// <summary>Dotted path into the run specification.</summary>
    public required string Path { get; set; }
}
