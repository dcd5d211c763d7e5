namespace CatchUp.Search.Methods;

/// <summary>What random numbers are for: numbers for one purpose tell nothing of those for another.</summary>
internal static class Purposes
{
    public const int Random = 1, Tpe = 2, Scrambling = 3, Directions = 4, Control = 5;
}
