using CatchUp.Flow.Datasets;
using CatchUp.Flow.Downloads;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary>The trainer's verbs.</summary>
internal static class CommandLine
{
    private const string Help = """
        catchup-trainer trains and evaluates one few-step generative model.

          train RUN.json --out DIR [--initial SNAPSHOT] [--resume CHECKPOINT|latest] [--supervised]
              Trains what RUN.json says and writes journal, samples and checkpoints to DIR.
              RUN.json is a run file or a bare run specification. By hand, Ctrl+C pauses.
              --initial: start from a snapshot of another run, and distil it if RUN.json says so.
              --supervised: obey 'pause' and 'cancel' on standard input, end with it, be silent.
          sample RUN.json SNAPSHOT --out GRID.png [--solver euler] [--nfe 8] [--head 1] [--images 64] [--bank 1]
              Generates images with a snapshot of a run.
          evaluate RUN.json SNAPSHOT
              Measures a snapshot as RUN.json's evaluation says.
          import --weights FILE --preset NAME|--specification RUN.json --out SNAPSHOT
              Makes a snapshot of a published PyTorch checkpoint saved as safetensors, for sample,
              evaluate and train --initial. docs/checkpoints.md says how to convert one.
          preset NAME
              Prints a preset's specification, ready to be saved as RUN.json.
          verify DIR [--device cpu|cuda:0]
              Checks this machine against a folder of parity cases.
          train-extractor --out DIR [--epochs N]
              Trains fashion-mnist-cnn-2 on the full Fashion-MNIST and writes its folder.
          datasets
              Lists the data sets known by name, and which are here.
          download DATASET [--to DIR]
              Fetches fashion-mnist, mnist or cifar10 into the folder of data sets; stopped, it goes on later.
          benchmark RUN.json [--device cpu|cuda:0] [--rounds 5]
              Measures what a run costs here: time of an update, images a second, memory, hours.
          devices
              Lists what can compute here.
          help

        Environment: CATCHUP_DATA (folder of data sets), CATCHUP_THREADS (CPU threads), CATCHUP_DOWNLOAD=1 (a run
        may fetch a public data set that is not there), CATCHUP_MIRROR (address to fetch data sets from),
        CATCHUP_EXTRACTORS (folder of feature extractors whose weights do not ship).
        Exit status: 0 done (completed, paused, cancelled), 1 a check did not pass, 2 bad input,
        3 the run failed (its journal says why), 4 standard input ended.
        """;

    public static int Run(string[] args)
    {
        try
        {
            var settings = TrainerSettings.FromEnvironment();
            var rest = args.Skip(1).ToArray();
            return args.FirstOrDefault() switch
            {
                "train" => TrainCommand.Run(rest, settings),
                "sample" => SnapshotCommand.Sample(rest, settings),
                "evaluate" => SnapshotCommand.Evaluate(rest, settings),
                "import" => ImportCommand.Run(rest, settings),
                "preset" => PresetCommand.Run(rest),
                "verify" => VerifyCommand.Run(rest, settings),
                "train-extractor" => TrainExtractorCommand.Run(rest, settings),
                "datasets" => DatasetCommand.List(settings),
                "download" => DatasetCommand.Download(rest, settings),
                "benchmark" => BenchmarkCommand.Run(rest, settings),
                "devices" => ListDevices(),
                "help" or "--help" or "-h" => PrintHelp(),
                null => throw new BadInputException(Help),
                var verb => throw new BadInputException($"Unknown verb '{verb}'. Known are train, sample, evaluate, import, preset, verify, train-extractor, datasets, download, benchmark, devices and help."),
            };
        }
        catch (OperationCanceledException)
        {
            return ExitStatus.Abandoned;
        }
        catch (Exception error) when (error is BadInputException or DatasetUnavailableException or DownloadFailedException or ExtractorUnavailableException or WeightFileRefusedException)
        {
            Console.Error.WriteLine(error.Message);
            return ExitStatus.BadInput;
        }
    }

    private static int ListDevices()
    {
        foreach (var name in Devices.Names())
        {
            Console.WriteLine(name);
        }

        return ExitStatus.Done;
    }

    private static int PrintHelp()
    {
        Console.WriteLine(Help);
        return ExitStatus.Done;
    }
}
