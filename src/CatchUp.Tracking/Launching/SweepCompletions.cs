namespace CatchUp.Tracking.Launching;

/// <summary>What could stand at a place of a sweep file, and what stands there means.</summary>
/// <param name="From">Column, from 0, at which the word begins that a choice replaces.</param>
/// <param name="Items">What begins with the word first.</param>
/// <param name="Key">Path of the key that the place belongs to; null: none is known.</param>
/// <param name="Help">What that key means and takes.</param>
public sealed record SweepCompletions(int From, IReadOnlyList<CompletionItem> Items, string? Key, string Help);
