namespace CatchUp.Tracking.Launching;

/// <param name="Text">What is chosen.</param>
/// <param name="Insert">What is written for it.</param>
/// <param name="Description">What it means.</param>
public sealed record CompletionItem(string Text, string Insert, string Description);
