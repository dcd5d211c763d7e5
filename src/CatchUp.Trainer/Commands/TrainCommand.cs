using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Trainer.Input;
using CatchUp.Trainer.Runs;

namespace CatchUp.Trainer.Commands;

/// <summary><c>train RUN.json --out DIR</c>: one attempt at a run.</summary>
internal static class TrainCommand
{
    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--out", "--resume", "--initial"], ["--supervised"]);
        var run = WithInitial(RunInput.Read(arguments.Single("run file")), arguments.Option("--initial"));
        var supervised = arguments.Flag("--supervised");
        using var directory = RunDirectory.Open(arguments.Required("--out", "the folder to write to"));
        using var journal = JournalWriter.Open(directory.JournalPath, TimeProvider.System);
        if (arguments.Option("--resume") is not null)
        {
            run = run with { Resume = null };
        }

        var resume = arguments.Option("--resume") is { } named ? ResumeCandidate.From(named, directory) : ResumeCandidate.From(run.Resume);
        if (journal.Existing.Count > 0 && resume.Count == 0)
        {
            throw new BadInputException($"{directory.Path} already holds a run. Go on with it by --resume latest, or choose another folder with --out.");
        }

        settings.Apply();
        using var stop = new StopSignal(supervised, Console.In);
        var progress = new ConsoleProgress(supervised ? null : Console.Out, TimeProvider.System);
        return run.Specification.Kind == RunKind.Evaluate
            ? new ReEvaluation(run, journal, stop, progress, settings, TimeProvider.System).Run()
            : new Attempt(run, directory, journal, stop, progress, settings, TimeProvider.System).Run(resume);
    }

    /// <exception cref="BadInputException">The run starts from another one whose snapshot was not given.</exception>
    private static RunFile WithInitial(RunFile run, string? snapshot)
    {
        var specification = run.Specification;
        if (snapshot is not null)
        {
            var initial = InitialSnapshot.Read(snapshot);
            var named = specification.InitialRun.Run == InitialRunSpecification.None ? new InitialRunSpecification { Run = "snapshot", Step = initial.Step } : specification.InitialRun;
            return run with { Initial = initial, Specification = specification with { InitialRun = named } };
        }

        if (run.Initial is not null)
        {
            return run;
        }

        if (SpecificationRules.NeedsInitialRun(specification) is { } need)
        {
            throw new BadInputException($"The run {need}. Give its snapshot with --initial.");
        }

        return specification.InitialRun.Run == InitialRunSpecification.None
            ? run
            : throw new BadInputException($"initialRun.run names the run {specification.InitialRun.Run} to start from. Give its snapshot with --initial.");
    }
}
