using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>The keys of a sweep file, for forms that explain them.</summary>
public static class SweepKeys
{
    /// <param name="path">Dotted, from the file's root: <c>search.trials</c>.</param>
    public static SpecificationKey? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('.').Aggregate((SpecificationKey?)SweepFileSchema.Root, (key, name) => key?.Find(name));
    }
}
