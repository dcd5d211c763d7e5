using System.Buffers.Binary;
using System.Security.Cryptography;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Runs;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Parameters;

namespace CatchUp.Dashboard.Parameters;

/// <summary>
/// The runs that have a number of one kind, by what they were configured to. Those without one, or measured otherwise than most, are left
/// out and counted.
/// </summary>
public sealed class ParameterSet
{
    private ParameterSet(ParameterTable table, RunTerm measure, IReadOnlyList<ParameterRun> runs, IReadOnlyList<ParameterKey> keys, IReadOnlyList<ParameterAxis> axes, ParameterAxis value, IReadOnlyList<ParameterAxis> others)
    {
        (Table, Measure, Runs, Keys, Axes, Value, Others) = (table, measure, runs, keys, axes, value, others);
    }

    public static ParameterSet Nothing { get; } = Of(ParameterTable.Nothing with { Terms = [RunTerm.Named("loss")] });

    /// <summary>What was read.</summary>
    public ParameterTable Table { get; }

    /// <summary>The number that this is about.</summary>
    public RunTerm Measure { get; }

    public bool LargerIsBetter => Measure is RunTerm.Evaluation { LargerIsBetter: true };

    /// <summary>The oldest first. Everything that is told by run is in this order.</summary>
    public IReadOnlyList<ParameterRun> Runs { get; }

    /// <summary>The keys in which these runs differ.</summary>
    public IReadOnlyList<ParameterKey> Keys { get; }

    /// <summary>An axis for each of them.</summary>
    public IReadOnlyList<ParameterAxis> Axes { get; }

    public ParameterAxis Value { get; }

    /// <summary>Other numbers that were read beside it, by their terms.</summary>
    public IReadOnlyList<ParameterAxis> Others { get; }

    public IEnumerable<ParameterAxis> All => Axes.Append(Value).Concat(Others);

    /// <summary>How the numbers were measured; null for curves.</summary>
    public string? Protocol { get; private init; }

    /// <summary>Runs without such a number, or with one that is not finite.</summary>
    public int Without { get; private init; }

    /// <summary>Runs measured otherwise, by how.</summary>
    public IReadOnlyList<(string Protocol, int Runs)> Unlike { get; private init; } = [];

    /// <summary>Places of runs, the best first.</summary>
    public IReadOnlyList<int> BestFirst { get; private init; } = [];

    /// <summary>Which of the runs there are, with all that is known of them here: the same word for the same data.</summary>
    public string Version { get; private init; } = "";

    /// <summary>All places, axis by axis as <see cref="All"/> has them: little-endian float64.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <param name="table">Its first term is the measure.</param>
    public static ParameterSet Of(ParameterTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var measure = table.Terms[0];
        var with = table.Runs.Where(run => run.Values[0] is { Value: var value } && double.IsFinite(value)).ToList();
        var kinds = with.Select(run => run.Values[0]!.Value.Fingerprint).OfType<string>().CountBy(kind => kind).OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal).ToList();
        var most = kinds.Count == 0 ? null : kinds[0].Key;
        var runs = most is null ? with : with.FindAll(run => run.Values[0]!.Value.Fingerprint == most);
        var kept = runs.Select(run => run.Id).ToHashSet();
        int[] places = [.. table.Runs.Index().Where(pair => kept.Contains(pair.Item.Id)).Select(pair => pair.Index)];
        List<ParameterKey> keys = [.. table.Keys
            .Select(key => key with { Values = [.. places.Select(place => key.Values[place])] })
            .Where(key => key.Values.Any(value => value != key.Values[0]))];
        string[] paths = [.. keys.Select(key => key.Path)];
        List<ParameterAxis> axes = [.. keys.Select(key => ParameterAxis.Of(key.Path, SweptKey.ShortNameOf(key.Path, paths), SpecificationSchema.Find(key.Path)?.Description ?? "", key.Values, key.IsLogarithmic))];
        var value = ParameterAxis.OfNumbers(ParameterAxis.MeasureId, NameOf(measure), measure.Description, [.. runs.Select(run => run.Values[0]!.Value.Value)]);

        // Another number of unlike protocols is as missing here: its axis would compare what cannot be compared.
        List<ParameterAxis> others = [.. table.Terms.Index().Skip(1).Select(term => OtherOf(term.Item, [.. runs.Select(run => run.Values[term.Index])]))];
        var larger = measure is RunTerm.Evaluation { LargerIsBetter: true };
        int[] order = [.. Enumerable.Range(0, runs.Count)];
        double[] costs = [.. value.Places.Select(place => larger ? -place : place)];
        Array.Sort(costs, order);
        var bytes = BytesOf([.. axes, value, .. others], runs.Count);
        return new(table, measure, runs, keys, axes, value, others)
        {
            Protocol = most is null ? null : table.Protocols.GetValueOrDefault(most),
            Without = table.Runs.Count - with.Count,
            Unlike = [.. kinds.Skip(1).Select(kind => (table.Protocols.GetValueOrDefault(kind.Key) ?? "unknown protocol", kind.Value))],
            BestFirst = order,
            Bytes = bytes,
            Version = VersionOf(runs, axes, bytes),
        };
    }

    /// <summary>The axes that are drawn unless told otherwise: those of the keys that vary most, in the specification's order.</summary>
    public IReadOnlyList<ParameterAxis> UsualAxes(int most) =>
    [
        .. Axes.OrderByDescending(axis => axis.Places.Length - axis.Places.CountBy(place => place).Max(pair => pair.Value)).Take(most).OrderBy(axis => Axes.Index().First(pair => pair.Item == axis).Index),
    ];

    /// <summary>What forests learn from.</summary>
    public IReadOnlyList<Observation> Observations(IEnumerable<int> places) => [.. places.Select(place =>
        new Observation(Keys.ToDictionary(key => key.Path, key => key.Values[place]), Runs[place].Values[0]!.Value.Value))];

    /// <summary>The axis of this id; null when these runs have none.</summary>
    public ParameterAxis? Find(string? id) => id is null ? null : All.FirstOrDefault(axis => axis.Id == id);

    /// <summary>Places of the chosen runs, the best first. A part about an axis that these runs lack chooses nothing less.</summary>
    public IReadOnlyList<int> Chosen(ParameterBrush brush)
    {
        ArgumentNullException.ThrowIfNull(brush);
        var parts = brush.Parts.Select(part => (Part: part, Axis: Find(part.Axis))).Where(pair => pair.Axis is not null).ToList();
        return parts.Count == 0 ? BestFirst : [.. BestFirst.Where(place => parts.TrueForAll(pair => pair.Part.Holds(pair.Axis!, pair.Axis!.Places[place])))];
    }

    internal static string NameOf(RunTerm term) => RunColumn.Parse([term.Text], "Best") is [var column] ? column.Title : term.Text;

    private static ParameterAxis OtherOf(RunTerm term, MeasuredNumber?[] values)
    {
        var most = values.Select(value => value?.Fingerprint).OfType<string>().CountBy(kind => kind).OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal).FirstOrDefault().Key;
        return ParameterAxis.OfNumbers(term.Text, NameOf(term), term.Description, [.. values.Select(value => value is { } number && number.Fingerprint == most ? number.Value : double.NaN)]);
    }

    private static byte[] BytesOf(List<ParameterAxis> axes, int runs)
    {
        var bytes = new byte[axes.Count * runs * sizeof(double)];
        var rest = bytes.AsSpan();
        foreach (var place in axes.SelectMany(axis => axis.Places))
        {
            BinaryPrimitives.WriteDoubleLittleEndian(rest, place);
            rest = rest[sizeof(double)..];
        }

        return bytes;
    }

    private static string VersionOf(List<ParameterRun> runs, List<ParameterAxis> axes, byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', axes.SelectMany(axis => axis.Categories.Prepend(axis.Id)).Concat(runs.Select(run => run.Name)))));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(runs.Select(run => run.Id).ToArray()));
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
