using CatchUp.Worker.Startup;

return await WorkerProgram.RunAsync(args, Environment.GetEnvironmentVariable);
