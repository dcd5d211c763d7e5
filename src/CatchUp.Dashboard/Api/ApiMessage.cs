namespace CatchUp.Dashboard.Api;

/// <summary>What a command did, in words.</summary>
internal sealed record ApiMessage(string Message);
