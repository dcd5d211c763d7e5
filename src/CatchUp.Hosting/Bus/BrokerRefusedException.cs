namespace CatchUp.Hosting.Bus;

/// <summary>The broker answers, but does not let us in; waiting will not help.</summary>
public sealed class BrokerRefusedException(string message, Exception cause) : Exception(message, cause);
