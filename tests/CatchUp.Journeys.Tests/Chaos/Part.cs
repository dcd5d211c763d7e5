namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A process of the team set-up that can be killed.</summary>
internal enum Part
{
    Trainer,
    Worker,
    Server,
    Broker,
    Database,
}
