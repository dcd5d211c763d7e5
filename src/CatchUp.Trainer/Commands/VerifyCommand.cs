using CatchUp.Flow.Parity;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary><c>verify DIR</c>: does this machine compute what the paper's code computes?</summary>
internal static class VerifyCommand
{
    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--device"], []);
        var folder = arguments.Single("folder of parity cases");
        var device = Devices.Choose(arguments.Option("--device") ?? "cpu");
        settings.Apply();
        try
        {
            return ParityRunner.Run(folder, device, Console.Out).Succeeded ? ExitStatus.Done : ExitStatus.NotPassed;
        }
        catch (DirectoryNotFoundException error)
        {
            throw new BadInputException(error.Message);
        }
    }
}
