namespace CatchUp.Dashboard.Startup;

/// <summary>The program cannot start. The message is for the user: what, where, what to do.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
