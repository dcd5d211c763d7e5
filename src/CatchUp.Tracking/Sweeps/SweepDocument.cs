using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Sweeps;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CatchUp.Tracking.Sweeps;

/// <summary>
/// YAML 1.2 (and so JSON) as a tree of JSON nodes that still knows where everything stood.
/// Only plain data is taken: no anchors, aliases, tags or second documents, and nothing deeper or larger than a sweep file can be.
/// </summary>
internal sealed partial class SweepDocument
{
    public const int MostBytes = 256 * 1024;

    private const int Deepest = 16, LongestKey = 200;

    private readonly Dictionary<string, Mark> _keys = [];

    private readonly Dictionary<string, Mark> _values = [];

    private readonly Dictionary<string, string> _numbers = [];

    private readonly string _called;

    private SweepDocument(string called) => _called = called;

    /// <summary>The document's value; null when it is empty or broken.</summary>
    public JsonNode? Root { get; private set; }

    /// <summary>Why it could not be read.</summary>
    public SweepProblem? Problem { get; private set; }

    /// <param name="text">The document.</param>
    /// <param name="called">What people call it.</param>
    public static SweepDocument Parse(string text, string called = "sweep file")
    {
        var document = new SweepDocument(called);
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            document.Problem = new("", $"The {called} is larger than {MostBytes / 1024} kB. Shorten it, or split the sweep.");
            return document;
        }

        if (!IsWellFormed(text))
        {
            document.Problem = new("", $"The {called} contains half a character (an unpaired surrogate); it is not a text file.", 1, 1);
            return document;
        }

        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            var before = text.AsSpan(0, nul);
            document.Problem = new("", $"The {called} contains a NUL character; it is not a text file.", before.Count('\n') + 1, nul - before.LastIndexOf('\n'));
            return document;
        }

        var parser = new Parser(new StringReader(text.TrimStart('\uFEFF')));
        try
        {
            document.ReadStream(parser);
        }
        catch (UnreadableException problem)
        {
            document.Refuse(problem.Path, problem.Message, problem.At);
        }
        catch (YamlException problem) when (TabbedLine(text, (int)problem.Start.Line) is { } line)
        {
            document.Problem = new("", "This is not YAML: the line begins with a tab. Indent with spaces.", line, 1);
        }
        catch (YamlException problem)
        {
            document.Refuse("", $"This is not YAML: {problem.Message.TrimEnd('.')}.", problem.Start);
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18.1 loses its state when a flow list or mapping is not closed before the next key.
            document.Refuse("", "This is not YAML: a list or mapping before here is not closed, or a comma is missing.", parser.Current?.End ?? Mark.Empty);
        }

        return document;
    }

    /// <summary>A problem at the key or value of a path, or at the nearest thing around it that the document has.</summary>
    public SweepProblem At(string path, string message, string? suggestion = null, bool atKey = false)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (atKey && _keys.TryGetValue(at, out var mark) || _values.TryGetValue(at, out mark) || _keys.TryGetValue(at, out mark))
            {
                return new(path, message, (int)mark.Line, (int)mark.Column, suggestion);
            }
        }

        return new(path, message, 1, 1, suggestion);
    }

    public bool Has(string path) => _values.ContainsKey(path);

    /// <summary>A value on one line, as YAML in flow style; numbers as they were written.</summary>
    public string FlowText(string path, JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"{YamlText.Scalar(member.Key)}: {FlowText(path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Value)}"))}}}",
        JsonArray items => $"[{FlowItems(path, items)}]",
        JsonValue value when value.TryGetValue<string>(out var text) => YamlText.Scalar(text),
        _ => _numbers.TryGetValue(path, out var number) ? number : node.ToJsonString(),
    };

    /// <summary>The items of a list without its brackets.</summary>
    public string FlowItems(string path, JsonArray items) => string.Join(", ", items.Select((item, index) => FlowText($"{path}[{index}]", item)));

    private void Refuse(string path, string message, Mark at)
    {
        Root = null;
        Problem = new(path, message, (int)Math.Max(1, at.Line), (int)Math.Max(1, at.Column));
    }

    /// <summary>The parser points at the mapping around a tab, not at the tab.</summary>
    private static int? TabbedLine(string text, int from)
    {
        var tabbed = text.Split('\n').Index().Skip(from - 1).FirstOrDefault(line => line.Item.TrimStart(' ').StartsWith('\t'));
        return tabbed.Item is null ? null : tabbed.Index + 1;
    }

    private void ReadStream(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return;
        }

        parser.Consume<DocumentStart>();
        Root = ReadNode(parser, "", 0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
        {
            throw new UnreadableException("", $"A {_called} is one document; remove this second one and the --- before it.", second.Start);
        }
    }

    private JsonNode? ReadNode(Parser parser, string path, int depth)
    {
        var start = parser.Current!.Start;
        if (depth > Deepest)
        {
            throw new UnreadableException(path, $"Nothing in a {_called} is nested deeper than {Deepest} levels.", start);
        }

        if (parser.Accept<AnchorAlias>(out _) || parser.Current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new UnreadableException(path, $"Anchors and aliases (& and *) are not used in a {_called}. Write the value out; text that begins with & or * goes in quotes.", start);
        }

        if (parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw new UnreadableException(path, $"Tags (!) are not used in a {_called}. Remove it; text that begins with ! goes in quotes.", start);
        }

        _values[path] = start;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return ReadScalar(scalar, path);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, $"{path}[{items.Count}]", depth + 1));
            }

            return items;
        }

        parser.Consume<MappingStart>();
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out var key) || key.Value.Length > LongestKey)
            {
                throw new UnreadableException(path, $"A key is a text of at most {LongestKey} characters.", parser.Current.Start);
            }

            var at = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            parser.Consume<Scalar>();
            if (members.ContainsKey(key.Value))
            {
                throw new UnreadableException(at, $"The key '{key.Value}' is here twice. Keep one.", key.Start);
            }

            _keys[at] = key.Start;
            members[key.Value] = ReadNode(parser, at, depth + 1);
        }

        return members;
    }

    /// <summary>PostgreSQL stores no half characters, which an escape in a file can make.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>The core schema of YAML 1.2: what is not null, true, false or a finite number is text; so are <c>no</c> and <c>.nan</c>.</summary>
    private JsonValue? ReadScalar(Scalar scalar, string path)
    {
        var text = scalar.Value;
        if (!IsWellFormed(text) || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new UnreadableException(path, "This text contains NUL or half a character (an unpaired surrogate).", scalar.Start);
        }

        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            _numbers[path] = text;
            return JsonValue.Create(whole);
        }

        if (Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            _numbers[path] = text;
            return JsonValue.Create(number);
        }

        if (Hexadecimal().IsMatch(text) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal))
        {
            return JsonValue.Create(hexadecimal);
        }

        return JsonValue.Create(text);
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^0x[0-9a-fA-F]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    private sealed class UnreadableException(string path, string message, Mark at) : Exception(message)
    {
        public string Path => path;

        public Mark At => at;
    }
}
