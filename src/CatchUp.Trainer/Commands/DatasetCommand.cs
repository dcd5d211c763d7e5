using System.Globalization;
using CatchUp.Flow.Datasets;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary><c>datasets</c> and <c>download</c>: which data sets there are, and how they get here.</summary>
internal static class DatasetCommand
{
    /// <summary>One line a data set: name, shape, classes, and whether it opens here.</summary>
    public static int List(TrainerSettings settings)
    {
        foreach (var card in DatasetCatalog.Known)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{card.Name}  {card.Side}×{card.Side}×{card.Channels}  {card.Classes} classes  {State(card, settings)}"));
        }

        return ExitStatus.Done;
    }

    public static int Download(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--to"], []);
        var name = arguments.Single("data set");
        if (DatasetSources.Find(name) is not { } source)
        {
            throw new BadInputException(name switch
            {
                DatasetCatalog.ImageNet64 => $"{name} cannot be fetched: ImageNet is given out only to those who have agreed to its terms. docs/data.md says how to put it in place.",
                DatasetCatalog.FashionMnist10k or DatasetCatalog.Synthetic => $"{name} comes with the product; there is nothing to fetch.",
                _ => $"The data set '{name}' cannot be fetched. {string.Join(", ", DatasetSources.All.Select(known => known.Name))} can.",
            });
        }

        var folder = arguments.Option("--to") ?? settings.DataFolder
            ?? throw new BadInputException("Say which folder keeps your data sets: set CATCHUP_DATA to it, where trainers will look for them too, or give it with --to.");
        DatasetInput.Fetch(source, folder, settings, Console.WriteLine, () => { });
        using var opened = (settings with { DataFolder = folder }).Datasets.Open(name);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It has {opened.Count} images."));
        return ExitStatus.Done;
    }

    private static string State(DatasetCard card, TrainerSettings settings)
    {
        try
        {
            using var images = settings.Datasets.Open(card.Name);
            return string.Create(CultureInfo.InvariantCulture, $"{images.Count} images here");
        }
        catch (DatasetUnavailableException)
        {
            return "not here";
        }
    }
}
