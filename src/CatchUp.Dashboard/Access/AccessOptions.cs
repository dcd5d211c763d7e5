namespace CatchUp.Dashboard.Access;

/// <summary>Who may come in.</summary>
public sealed record AccessOptions
{
    /// <summary>Whether pages, API and circuits ask who is there. Without it the door opens to this machine only.</summary>
    public bool SignIn { get; init; }

    /// <summary>Names this server may be called by, besides its addresses as numbers; a single "*" takes any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Reverse proxies whose word on the caller's address and scheme is taken.</summary>
    public IReadOnlyList<System.Net.IPAddress> Proxies { get; init; } = [];
}
