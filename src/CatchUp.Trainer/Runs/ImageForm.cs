using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;

namespace CatchUp.Trainer.Runs;

/// <summary>What a network must know of the images of a data set, with or without having them.</summary>
internal sealed record ImageForm(string Dataset, int Channels, int Height, int Width, int Classes)
{
    public static ImageForm Of(ImageDataset images) => new(images.Name, images.Channels, images.Height, images.Width, images.Classes);

    public static ImageForm Of(KnownDataset known) => new(known.Name, known.Channels, known.Side, known.Side, known.Classes ?? 0);
}
