namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The platform did not come through a disturbance.</summary>
internal sealed class ChaosException(string message) : Exception(message);
