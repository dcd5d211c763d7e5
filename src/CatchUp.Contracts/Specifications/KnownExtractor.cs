namespace CatchUp.Contracts.Specifications;

/// <summary>A feature extractor the trainer has, and the images it takes.</summary>
/// <param name="Side">Side of the images in pixels; null takes any.</param>
/// <param name="Channels">Channels of the images; null takes grey and colour.</param>
/// <param name="Features">Features of an image.</param>
public sealed record KnownExtractor(string Name, int? Side, int? Channels, int Features)
{
    public static IReadOnlyList<KnownExtractor> All { get; } =
    [
        new("fashion-mnist-cnn-2", 28, 1, 64),
        new("inception-pytorch", null, null, 2048),
        new("inception-tf", null, null, 2048),
    ];

    public static KnownExtractor? Find(string name) => All.FirstOrDefault(extractor => extractor.Name == name);

    public bool Takes(int side, int channels) => (Side is null || Side == side) && (Channels is null ? channels is 1 or 3 : Channels == channels);
}
