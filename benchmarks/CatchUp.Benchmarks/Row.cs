namespace CatchUp.Benchmarks;

/// <summary>One line of a table.</summary>
/// <param name="What">What was measured; the same again replaces the line.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Against">What it is held against.</param>
/// <param name="Result">The ratio, or whatever decides.</param>
/// <param name="Wanted">What the result should be.</param>
internal sealed record Row(string What, string Ours, string Against, string Result, string Wanted)
{
    public static string Header => "| what | ours | against | result | wanted |\n|---|---|---|---|---|";

    public override string ToString() => $"| {What} | {Ours} | {Against} | {Result} | {Wanted} |";
}
