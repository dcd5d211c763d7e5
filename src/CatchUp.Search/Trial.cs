namespace CatchUp.Search;

/// <summary>One configuration of a search.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Label">Short, unique within the search; empty when there is only the base.</param>
/// <param name="Settings">One for each dimension.</param>
public sealed record Trial(int Index, string Label, IReadOnlyList<Setting> Settings)
{
    /// <summary>Swept keys and the texts of their values.</summary>
    public IReadOnlyDictionary<string, string> Parameters =>
        Settings.SelectMany(setting => setting.Dimension.Parameters[setting.Choice]).ToDictionary();
}
