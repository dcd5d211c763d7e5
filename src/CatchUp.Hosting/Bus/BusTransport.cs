namespace CatchUp.Hosting.Bus;

public enum BusTransport
{
    /// <summary>Inside one process; forgets what is under way when the process ends.</summary>
    InMemory,

    RabbitMq,
}
