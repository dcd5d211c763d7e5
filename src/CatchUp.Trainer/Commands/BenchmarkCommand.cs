using CatchUp.Flow.Solvers;
using CatchUp.Trainer.Benchmarks;
using CatchUp.Trainer.Evaluations;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary><c>benchmark RUN.json</c>: what a run costs on this machine. With <c>--serve</c>, one side of a comparison that takes turns with another program.</summary>
internal static class BenchmarkCommand
{
    private static readonly string[] Options = ["--device", "--rounds", "--serve", "--units", "--nfe", "--dimensions"];

    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, Options, []);
        settings.Apply();
        if (arguments.Option("--serve") is { } work)
        {
            using var workload = Create(work, arguments, settings);
            RoundServer.Serve(workload, Console.In, Console.Out);
            return ExitStatus.Done;
        }

        var specification = RunInput.Read(arguments.Single("run file")).Specification;
        new MachineReport(specification, settings, Devices.Choose(arguments.Option("--device") ?? "cpu"), arguments.Number("--rounds", 5), Console.Out).Write();
        return ExitStatus.Done;
    }

    private static Workload Create(string work, Arguments arguments, TrainerSettings settings)
    {
        if (work == "distance")
        {
            return new DistanceWorkload(arguments.Single("folder of features"), arguments.Number("--dimensions", 2048));
        }

        var specification = RunInput.Read(arguments.Single("run file")).Specification;
        var device = Devices.Choose(arguments.Option("--device") ?? "cpu");
        var units = arguments.Number("--units", work == "training" ? 1 : specification.Evaluation.BatchSize);
        return work switch
        {
            "training" => new TrainingWorkload(specification, settings, device, units),
            "sampling" => new SamplingWorkload(specification, settings, device, new Sampling(new EulerSolver(), arguments.Number("--nfe", 8), 1), units),
            "features" => new FeatureWorkload(specification, settings, device, units),
            _ => throw new BadInputException($"--serve is '{work}'; it must be training, sampling, features or distance."),
        };
    }
}
