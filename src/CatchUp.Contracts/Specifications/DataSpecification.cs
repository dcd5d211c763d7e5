namespace CatchUp.Contracts.Specifications;

public sealed record DataSpecification
{
    [Key("Name of the data set: fashion-mnist-10k (shipped), fashion-mnist, mnist, cifar10, imagenet64, synthetic (generated shapes, for tests), or folder:NAME for pictures of your own in the folder NAME or the archive NAME.zip of the worker's data folder.")]
    public string Dataset { get; init; } = "fashion-mnist-10k";

    [Key("Side in pixels that images are resized to, after cutting them to their middle square. 0 keeps the data set's own; pictures of your own need one.", Minimum = 0, Maximum = 1024)]
    public int Side { get; init; }

    [Key("1 for grey, 3 for RGB. 0 keeps the data set's own; pictures of your own need one.", Minimum = 0, Maximum = 3)]
    public int Channels { get; init; }

    [Key("Mirror images left to right at random.")]
    public bool HorizontalFlip { get; init; }
}
