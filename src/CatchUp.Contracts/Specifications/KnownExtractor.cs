namespace CatchUp.Contracts.Specifications;

/// <summary>A feature extractor the trainer has, and the images it takes.</summary>
public sealed record KnownExtractor(string Name, int Side, int Channels)
{
    public static IReadOnlyList<KnownExtractor> All { get; } = [new("fashion-mnist-cnn-1", 28, 1)];

    public static KnownExtractor? Find(string name) => All.FirstOrDefault(extractor => extractor.Name == name);
}
