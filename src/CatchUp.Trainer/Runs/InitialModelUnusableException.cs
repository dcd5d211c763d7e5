namespace CatchUp.Trainer.Runs;

/// <summary>The initial run's model cannot be what a run starts from. The message says which weights are in the way.</summary>
internal sealed class InitialModelUnusableException(string message, Exception inner) : Exception(message, inner);
