using CatchUp.Worker.Machine;

namespace CatchUp.Worker.Tests.Machine;

public sealed class ExtractorFinderTests
{
    [Fact]
    public void Extractors_are_those_with_a_card_beside_the_trainer_or_in_the_own_folder()
    {
        using var folder = new TestFolder();
        var options = new WorkerOptions { Trainer = folder.Of("trainer/program"), ExtractorDirectory = folder.Of("own") };
        Assert.Empty(ExtractorFinder.Find(options));

        Card("trainer/extractors/fashion-mnist-cnn-2");
        Card("own/inception-tf");
        Card("own/unheard-of");
        Directory.CreateDirectory(folder.Of("own/inception-pytorch"));

        Assert.Equal(["fashion-mnist-cnn-2", "inception-tf"], ExtractorFinder.Find(options));

        void Card(string place)
        {
            Directory.CreateDirectory(folder.Of(place));
            File.WriteAllText(folder.Of(place + "/card.json"), "{}");
        }
    }
}
