using System.Globalization;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Reports;

/// <summary>Reads the few keys of a block, and says of each mistake where it stands and what was probably meant.</summary>
public sealed class ReportBlockReader
{
    private const int LongestTitle = 200, LongestName = 200;

    private readonly ReportBlockKind _kind;
    private readonly int _firstLine;
    private readonly SweepDocument _document;
    private readonly List<ReportProblem> _problems = [];

    private ReportBlockReader(ReportBlockKind kind, string text, int firstLine)
    {
        _kind = kind;
        _firstLine = firstLine;
        _document = SweepDocument.Parse(text, "block");
    }

    /// <param name="kind">The word behind the fence.</param>
    /// <param name="text">What stands between the fences.</param>
    /// <param name="firstLine">Where it begins in the report, from 1.</param>
    public static ReportBlockReading Read(ReportBlockKind kind, string text, int firstLine)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new ReportBlockReader(kind, text, firstLine);
        var block = reader.Read();
        return new(reader._problems.Count == 0 ? block : null, reader._problems);
    }

    private ReportBlock? Read()
    {
        if (_document.Problem is { } unreadable)
        {
            _problems.Add(new(_firstLine + Math.Max(0, unreadable.Line - 1), Math.Max(1, unreadable.Column), unreadable.Message));
            return null;
        }

        if (_document.Root is not JsonObject keys)
        {
            _problems.Add(new(_firstLine, 1, $"A {Word(_kind)} has keys, a line each. Begin with runs: and ids, or filter: and a filter."));
            return null;
        }

        foreach (var (name, _) in keys)
        {
            Know(name);
        }

        var over = Choice(keys, "over", ["step", "nfe"]) == "nfe" ? ReportAxis.Nfe : ReportAxis.Step;
        var block = new ReportBlock
        {
            Kind = _kind,
            Title = Text(keys, "title", LongestTitle),
            Runs = Ids(keys),
            Filter = Filter(keys),
            Limit = (int?)Whole(keys, "limit", 1, ReportBlock.MostTableRuns),
            Metric = Text(keys, "metric", LongestName),
            Over = over,
            From = Whole(keys, "from", 0, long.MaxValue),
            To = Whole(keys, "to", 0, long.MaxValue),
            Log = Flag(keys, "log"),
            Smoothing = (int)(Whole(keys, "smoothing", 0, 100_000) ?? 0),
            Solver = Text(keys, "solver", LongestName),
            Head = (int?)Whole(keys, "head", 1, 1000),
            Nfe = Nfes(keys),
            Step = (int?)Whole(keys, "step", 0, int.MaxValue),
            Zoom = (int)(Whole(keys, "zoom", 1, 8) ?? 1),
            Columns = Columns(keys),
            Sort = Sort(keys),
            Frozen = Frozen(keys),
        };
        Check(keys, block);
        return block;
    }

    private void Know(string name)
    {
        var mine = ReportBlockKey.Of(_kind);
        if (mine.Contains(name))
        {
            return;
        }

        if (ReportBlockKey.All.FirstOrDefault(key => key.Name == name) is { } other)
        {
            Add(name, $"{name} is a key of a {string.Join(" and a ", other.Kinds.Select(Word))}, and this is a {Word(_kind)}.", atKey: true);
            return;
        }

        var closest = ClosestWord.Find(name, mine);
        Add(name, $"Unknown key '{Shorten(name)}'. {(closest is null ? $"A {Word(_kind)} has {string.Join(", ", mine)}." : $"Did you mean {closest}?")}", closest, atKey: true);
    }

    private void Check(JsonObject keys, ReportBlock block)
    {
        var (runs, filter) = (Has(keys, "runs"), Has(keys, "filter"));
        if (runs && filter)
        {
            Add("filter", "runs and filter both say which runs are meant. Keep one of the two.", atKey: true);
        }
        else if (!runs && !filter && _problems.Count == 0)
        {
            _problems.Add(new(_firstLine, 1, $"The {Word(_kind)} names no runs. Add runs: and ids, as in runs: [1, 2], or filter: and a filter."));
        }
        else if (runs && block.Runs.Count > block.Most && _problems.Count == 0)
        {
            Add("runs", $"A {Word(_kind)} shows {block.Most} runs at most, and these are {block.Runs.Count}. Take some out.");
        }

        // A mistyped key is told already.
        if (_kind == ReportBlockKind.Chart && !Has(keys, "metric") && _problems.Count == 0)
        {
            _problems.Add(new(_firstLine, 1, block.Over == ReportAxis.Nfe ? "The chart has no metric. Add metric: fid." : "The chart has no metric. Add metric: and a name, as in metric: loss."));
        }

        if (block.Over == ReportAxis.Nfe)
        {
            foreach (var name in new[] { "from", "to", "smoothing" }.Where(name => Has(keys, name)))
            {
                Add(name, $"{name} is about curves over steps, and this chart is over NFE. Remove it.", atKey: true);
            }
        }
        else
        {
            foreach (var name in new[] { "solver", "head" }.Where(name => _kind == ReportBlockKind.Chart && Has(keys, name)))
            {
                Add(name, $"{name} is about numbers of images. Add over: nfe, or remove it.", atKey: true);
            }
        }

        if (block is { From: { } from, To: { } to } && from >= to)
        {
            Add("from", $"from {from} is not before to {to}.");
        }
    }

    private IReadOnlyList<long> Ids(JsonObject keys)
    {
        if (!keys.TryGetPropertyValue("runs", out var node))
        {
            return [];
        }

        var ids = new List<long>();
        foreach (var (at, part) in Parts(node, "runs"))
        {
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0)
            {
                ids.Add(id);
            }
            else
            {
                Add(at, $"'{Shorten(part)}' is no id of a run. Ids are whole numbers, as in runs: [12, 13]; to find runs by name write filter: instead.");
            }
        }

        if (ids.Count == 0 && _problems.Count == 0)
        {
            Add("runs", "runs is empty. Write ids, as in runs: [12, 13].");
        }

        return [.. ids.Distinct()];
    }

    private IReadOnlyList<int> Nfes(JsonObject keys)
    {
        if (!keys.TryGetPropertyValue("nfe", out var node))
        {
            return [];
        }

        var nfes = new List<int>();
        foreach (var (at, part) in Parts(node, "nfe"))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var nfe) && nfe > 0)
            {
                nfes.Add(nfe);
            }
            else
            {
                Add(at, $"'{Shorten(part)}' is no number of network evaluations. Write nfe: [1, 2, 4].");
            }
        }

        if (nfes.Distinct().Count() > ReportBlock.MostNfes)
        {
            Add("nfe", $"A matrix has {ReportBlock.MostNfes} columns at most, and these are {nfes.Distinct().Count()}.");
        }

        return [.. nfes.Distinct().Order()];
    }

    private string? Filter(JsonObject keys)
    {
        if (Text(keys, "filter", 2000) is not { } text)
        {
            return null;
        }

        if (RunFilter.Read(text).Problem is { } problem)
        {
            Add("filter", $"The filter, at character {problem.Position + 1}: {problem.Message}", problem.Suggestion);
        }

        return text;
    }

    private IReadOnlyList<string> Columns(JsonObject keys)
    {
        if (!keys.TryGetPropertyValue("columns", out var node))
        {
            return [];
        }

        var columns = new List<string>();
        foreach (var (at, part) in Parts(node, "columns"))
        {
            if (RunFilter.ReadTerm(part) is { Term: { } term })
            {
                columns.Add(term.Text);
            }
            else
            {
                var problem = RunFilter.ReadTerm(part).Problem!;
                Add(at, $"The column '{Shorten(part)}': {problem.Message}", problem.Suggestion);
            }
        }

        if (columns.Count > ReportBlock.MostColumns)
        {
            Add("columns", $"A table has {ReportBlock.MostColumns} columns at most, and these are {columns.Count}.");
        }

        return [.. columns.Distinct()];
    }

    private string? Sort(JsonObject keys)
    {
        if (Text(keys, "sort", LongestName) is not { } text)
        {
            return null;
        }

        if (RunFilter.ReadTerm(text.StartsWith('-') ? text[1..].TrimStart() : text).Problem is { } problem)
        {
            Add("sort", $"The order '{Shorten(text)}': {problem.Message}", problem.Suggestion);
        }

        return text;
    }

    private string? Frozen(JsonObject keys)
    {
        var hash = Text(keys, "frozen", LongestName);
        if (hash is not null && !ArtifactDirectory.IsName(hash))
        {
            Add("frozen", "frozen holds the hash of stored data, 64 hexadecimal digits. Freeze writes it; remove the line to make the block live.");
        }

        return hash;
    }

    /// <summary>The parts of a list, or of a text with commas.</summary>
    private List<(string At, string Text)> Parts(JsonNode? node, string name) => node switch
    {
        JsonArray items => [.. items.Select((item, index) => ($"{name}[{index}]", Plain(item, $"{name}[{index}]")))],
        null => [],
        _ => [.. RunTerms.Split(Plain(node, name)).Select(part => (name, part))],
    };

    private string Plain(JsonNode? node, string at) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text.Trim() : _document.FlowText(at, node);

    private string? Text(JsonObject keys, string name, int longest)
    {
        if (!Has(keys, name))
        {
            return null;
        }

        if (keys[name] is not JsonValue value)
        {
            Add(name, $"{name} is one text, and this is a list or a mapping. Put text that begins with [ or {{ into quotes.");
            return null;
        }

        var text = Plain(value, name);
        if (text.Length > longest)
        {
            Add(name, $"{name} has {longest:N0} characters at most, and this has {text.Length:N0}.");
        }
        else if (text.Any(char.IsControl))
        {
            Add(name, $"{name} has a line break or another control character. Write it on one line.");
        }

        return text.Length == 0 ? null : text;
    }

    private string? Choice(JsonObject keys, string name, string[] choices)
    {
        if (Text(keys, name, LongestName) is not { } word)
        {
            return null;
        }

        if (!choices.Contains(word))
        {
            var closest = ClosestWord.Find(word, choices);
            Add(name, $"{name} is {string.Join(" or ", choices)}, not '{Shorten(word)}'.{(closest is null ? "" : $" Did you mean {closest}?")}", closest);
        }

        return word;
    }

    private long? Whole(JsonObject keys, string name, long minimum, long maximum)
    {
        if (!Has(keys, name))
        {
            return null;
        }

        if (keys[name] is JsonValue value && value.TryGetValue<long>(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Add(name, maximum >= int.MaxValue ? $"{name} is a whole number from {minimum:N0}." : $"{name} is a whole number between {minimum:N0} and {maximum:N0}.");
        return null;
    }

    private bool Flag(JsonObject keys, string name)
    {
        if (!Has(keys, name))
        {
            return false;
        }

        if (keys[name] is JsonValue value && value.TryGetValue<bool>(out var flag))
        {
            return flag;
        }

        Add(name, $"{name} is true or false.");
        return false;
    }

    private static bool Has(JsonObject keys, string name) => keys.TryGetPropertyValue(name, out var node) && node is not null;

    private void Add(string path, string message, string? suggestion = null, bool atKey = false)
    {
        var problem = _document.At(path, message, suggestion, atKey);
        _problems.Add(new(_firstLine + problem.Line - 1, problem.Column, message, suggestion));
    }

    private static string Word(ReportBlockKind kind) => kind.ToString().ToLowerInvariant();

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
