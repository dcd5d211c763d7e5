namespace CatchUp.Trainer.Input;

/// <summary>What the user gave cannot be used. The message says what and how to put it right; the exit status is 2.</summary>
internal sealed class BadInputException(string message) : Exception(message);
