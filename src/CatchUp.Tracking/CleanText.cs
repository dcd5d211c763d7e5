namespace CatchUp.Tracking;

/// <summary>Texts from outside, made storable: PostgreSQL refuses the character NUL and halves of characters, and nobody reads a name of 10 kB.</summary>
internal static class CleanText
{
    public static string Line(string? text, int maximum)
    {
        text = Block(text, maximum);
        return text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
    }

    public static string Block(string? text, int maximum)
    {
        text = (text ?? "").Replace('\0', '\uFFFD');

        // Halves of characters come out of this as U+FFFD.
        text = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : string.Concat(text.EnumerateRunes());
        return text.Length <= maximum ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[maximum - 2]) ? maximum - 2 : maximum - 1), "…");
    }

    public static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
