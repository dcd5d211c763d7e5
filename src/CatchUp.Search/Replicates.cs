namespace CatchUp.Search;

/// <summary>Runs of the same configuration that differ in their seed only. They are counted apart from configurations: a seed is never a dimension to search over.</summary>
public static class Replicates
{
    public const int Most = 1000;

    public static int Seed(int seed, int replicate) => checked(seed + replicate);

    /// <summary>What distinguishes a replicate in names of runs; empty when there is only one.</summary>
    public static string Suffix(int seed, int replicate, int replicates) => replicates == 1 ? "" : $"s{Seed(seed, replicate)}";
}
