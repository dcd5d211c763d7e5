namespace CatchUp.Tracking.Alerts;

/// <summary>A webhook leads to where none may lead.</summary>
public sealed class RefusedTargetException(string message) : Exception(message);
