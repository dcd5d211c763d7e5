using CatchUp.Trainer.Commands;

return CommandLine.Run(args);
