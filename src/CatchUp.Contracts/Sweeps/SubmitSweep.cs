namespace CatchUp.Contracts.Sweeps;

/// <summary>Asks the coordinator to store a sweep and queue its runs. Answered with <see cref="SweepAccepted"/> or <see cref="SweepRefused"/>; repeating it with the same id is harmless.</summary>
public sealed record SubmitSweep
{
    /// <summary>Made by the client; the same id again answers with the sweep stored the first time.</summary>
    public Guid RequestId { get; init; }

    /// <summary>The sweep file, YAML or JSON, as the user wrote it.</summary>
    public required string Document { get; init; }

    /// <summary>Who asks: the name of who has signed in, or free text; null where nobody does. A file that names an owner is of that one.</summary>
    public string? Owner { get; init; }
}
