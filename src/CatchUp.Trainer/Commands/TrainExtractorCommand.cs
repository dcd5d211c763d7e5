using System.Globalization;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;

namespace CatchUp.Trainer.Commands;

/// <summary>
/// <c>train-extractor --out DIR</c>: trains the classifier of fashion-mnist-cnn-2 on the full Fashion-MNIST and writes the folder
/// that ships: its weights, the features of the 60,000 training images, and a card. Numbers made with a folder of other hashes are
/// never ranked with those of this one, so a folder that has shipped is not replaced but followed by one of another name.
/// </summary>
internal static class TrainExtractorCommand
{
    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--out", "--epochs"], []);
        var folder = Directory.CreateDirectory(arguments.Required("--out", "the folder to write to")).FullName;
        var epochs = arguments.Number("--epochs", 6);

        settings.Apply();
        using var training = settings.Datasets.Open(DatasetCatalog.FashionMnist);
        using var test = settings.Datasets.Open(DatasetCatalog.FashionMnist10k);
        using var classifier = ClassifierTraining.Train(training, epochs, (step, steps, loss) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}/{steps}  loss {loss:0.000}")));
        var accuracy = ClassifierTraining.Accuracy(classifier, test);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy {accuracy:0.0000}"));

        ExtractorFolder.Save(folder, classifier, training, accuracy, string.Create(CultureInfo.InvariantCulture, $"catchup-trainer train-extractor --epochs {epochs}"));
        return ExitStatus.Done;
    }
}
