using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum CouplingKind
{
    /// <summary>z₁ ~ N(0, I), whatever the image.</summary>
    [JsonStringEnumMemberName("independent")] Independent,
}

public sealed record CouplingSpecification
{
    [Key("How noise is paired with images.")]
    public CouplingKind Kind { get; init; }
}
