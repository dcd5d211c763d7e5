using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CatchUp.Contracts;
using CatchUp.Search.Methods;
using CatchUp.Search.Stopping;

namespace CatchUp.Search.Ledger;

/// <summary>
/// One line of a sweep's ledger. Entries are numbered from 1 without gaps. What happened outside (reported, finished, failed, extended,
/// narrowed, paused, resumed) is taken as it is; what the search concluded (proposed, decided, retried) follows from the entries before.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Proposed), "proposed")]
[JsonDerivedType(typeof(Retried), "retried")]
[JsonDerivedType(typeof(Reported), "reported")]
[JsonDerivedType(typeof(Decided), "decided")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Extended), "extended")]
[JsonDerivedType(typeof(Narrowed), "narrowed")]
[JsonDerivedType(typeof(Paused), "paused")]
[JsonDerivedType(typeof(Resumed), "resumed")]
public abstract record LedgerEntry
{
    [JsonPropertyOrder(-1)]
    public long Number { get; init; }

    /// <summary>The entry as a line of JSON, without its end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <exception cref="JsonException">The line is no entry: torn, or of something else.</exception>
    public static LedgerEntry FromLine(string line) => JsonSerializer.Deserialize<LedgerEntry>(line, ContractJson.Options) ?? throw new JsonException("The line is empty.");

    /// <summary>A new trial.</summary>
    public sealed record Proposed(int Trial, JsonObject Configuration, ProposalReason Reason) : LedgerEntry;

    /// <summary>A failed trial is tried again.</summary>
    public sealed record Retried(int Trial, int Attempt) : LedgerEntry;

    /// <summary>A trial came to a rung with a value.</summary>
    public sealed record Reported(int Trial, string Ladder, int Rung, double Value) : LedgerEntry;

    /// <summary>What becomes of a trial at a rung.</summary>
    public sealed record Decided(int Trial, RungDecision Decision) : LedgerEntry;

    /// <summary>A trial ended with its objectives.</summary>
    public sealed record Finished(int Trial, IReadOnlyList<double> Values) : LedgerEntry;

    /// <param name="Trial">Its number.</param>
    /// <param name="Reason">Why, in words.</param>
    /// <param name="Final">Whether it is not tried again whatever the rules say: it was cancelled, or its configuration is impossible.</param>
    public sealed record Failed(int Trial, string Reason, bool Final = false) : LedgerEntry;

    /// <summary>More trials than before.</summary>
    public sealed record Extended(int Trials) : LedgerEntry;

    /// <summary>A smaller space from here on, as a sweep file writes it.</summary>
    public sealed record Narrowed(JsonObject Space, IReadOnlyList<string> Constraints) : LedgerEntry;

    public sealed record Paused : LedgerEntry;

    public sealed record Resumed : LedgerEntry;
}
