namespace CatchUp.Trainer.Tests;

internal sealed record TrainerResult(int ExitCode, string Output, string Errors);
