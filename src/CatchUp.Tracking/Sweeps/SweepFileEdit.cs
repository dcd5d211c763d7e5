using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CatchUp.Tracking.Sweeps;

/// <summary>
/// Makes a sweep file say something else while everything that need not change stays letter for letter: comments, order, spacing,
/// the way numbers are written. Whatever comes out is read again, and must say exactly what it should; if it does not, the file is written anew
/// with the comments gathered at its head.
/// </summary>
internal sealed class SweepFileEdit
{
    private readonly string _text;
    private readonly SweepDocument _wanted;
    private readonly List<(int Start, int End, string Text)> _changes = [];

    private SweepFileEdit(string text, SweepDocument wanted)
    {
        _text = text;
        _wanted = wanted;
    }

    /// <param name="text">The file as it is.</param>
    /// <param name="wanted">A file that says what it shall say.</param>
    public static string Apply(string text, string wanted)
    {
        var now = SweepDocument.Parse(text);
        var then = SweepDocument.Parse(wanted);
        if (now.Problem is not null || now.Root is not JsonObject || then.Problem is not null || then.Root is not JsonObject root)
        {
            return wanted;
        }

        if (JsonNode.DeepEquals(now.Root, then.Root))
        {
            return text;
        }

        // A file on one line with brackets has no room for comments; a new one reads better.
        var edit = new SweepFileEdit(text.TrimStart('\uFEFF'), then);
        if (edit.Read() is { Flow: false } tree)
        {
            edit.Change(tree, root, "");
            var edited = edit.Result();
            var check = SweepDocument.Parse(edited);
            if (check.Problem is null && JsonNode.DeepEquals(check.Root, then.Root))
            {
                return edited;
            }
        }

        return Comments(text) + wanted;
    }

    /// <summary>The file's comments, each on a line of its own.</summary>
    public static string Comments(string text)
    {
        var comments = new StringBuilder();
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        try
        {
            while (scanner.MoveNext())
            {
                if (scanner.Current is YamlDotNet.Core.Tokens.Comment comment)
                {
                    comments.Append(CultureInfo.InvariantCulture, $"# {comment.Value.Trim()}\n");
                }
            }
        }
        catch (YamlException)
        {
            // What stands behind a mistake is not found.
        }

        return comments.ToString();
    }

    private Node Read()
    {
        var parser = new Parser(new StringReader(_text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        return ReadNode(parser);
    }

    private Node ReadNode(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);

            // A block of lines ends where the next thing begins.
            while (end > start && char.IsWhiteSpace(_text[end - 1]))
            {
                end--;
            }

            return new Node(start, end, false, [], []);
        }

        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<Node>();
            while (!parser.Accept<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser));
            }

            var last = parser.Consume<SequenceEnd>();
            var flow = list.Style == YamlDotNet.Core.Events.SequenceStyle.Flow;
            return new Node((int)list.Start.Index, flow ? (int)last.Start.Index + 1 : items[^1].End, flow, [], items);
        }

        var mapping = parser.Consume<MappingStart>();
        var members = new List<Member>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            members.Add(new Member(key.Value, (int)key.Start.Index, (int)key.End.Index, ReadNode(parser)));
        }

        var close = parser.Consume<MappingEnd>();
        var inFlow = mapping.Style == MappingStyle.Flow;
        return new Node((int)mapping.Start.Index, inFlow ? (int)close.Start.Index + 1 : Math.Max(members[^1].Value.End, members[^1].KeyEnd + 1), inFlow, members, []);
    }

    private void Change(Node node, JsonNode? wanted, string path)
    {
        if (wanted is JsonObject { Count: > 0 } members && node.Members.Count > 0)
        {
            ChangeMembers(node, members, path);
        }
        else if (wanted is JsonArray { Count: > 0 } items && node.Items.Count > 0)
        {
            ChangeItems(node, items, path);
        }
        else
        {
            Replace(node, wanted, path);
        }
    }

    /// <summary>The value on one line in the place of what is there.</summary>
    private void Replace(Node node, JsonNode? wanted, string path)
    {
        var text = _wanted.FlowText(path, wanted);
        var afterColon = node.Start == node.End && node.Start > 0 && _text[node.Start - 1] == ':';
        _changes.Add((node.Start, node.End, afterColon ? $" {text}" : text));
    }

    private void ChangeMembers(Node node, JsonObject wanted, string path)
    {
        foreach (var (index, member) in node.Members.Index())
        {
            var at = Below(path, member.Key);
            if (!wanted.TryGetPropertyValue(member.Key, out var value))
            {
                Remove(node, index, member.Start, member.End, [.. node.Members.Select(one => (one.Start, one.End))]);
            }
            else if (!JsonNode.DeepEquals(Now(member.Value), value))
            {
                Change(member.Value, value, at);
            }
        }

        Member? before = null;
        foreach (var (key, value) in wanted)
        {
            if (node.Members.Find(member => member.Key == key) is { } there)
            {
                before = there;
                continue;
            }

            var at = Below(path, key);
            if (node.Flow)
            {
                _changes.Add(before is null ? (node.Members[0].Start, node.Members[0].Start, $"{YamlText.Scalar(key)}: {_wanted.FlowText(at, value)}, ") : (before.End, before.End, $", {YamlText.Scalar(key)}: {_wanted.FlowText(at, value)}"));
            }
            else
            {
                InsertLines(before is null ? LineStart(node.Members[0].Start) : LineEnd(before.End), Lines(key, value, at, new string(' ', node.Members[0].Start - LineStart(node.Members[0].Start))));
            }
        }
    }

    /// <summary>What the two have in common at both ends stays; of what lies between, as many as possible are changed in place.</summary>
    private void ChangeItems(Node node, JsonArray wanted, string path)
    {
        var now = node.Items.ConvertAll(Now);
        var head = 0;
        while (head < now.Count && head < wanted.Count && JsonNode.DeepEquals(now[head], wanted[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < now.Count - head && tail < wanted.Count - head && JsonNode.DeepEquals(now[^(tail + 1)], wanted[^(tail + 1)]))
        {
            tail++;
        }

        var (old, fresh) = (now.Count - head - tail, wanted.Count - head - tail);
        for (var index = head; index < head + Math.Min(old, fresh); index++)
        {
            Change(node.Items[index], wanted[index], $"{path}[{index}]");
        }

        for (var index = head + fresh; index < head + old; index++)
        {
            var item = node.Items[index];
            Remove(node, index, item.Start, item.End, [.. node.Items.Select(one => (one.Start, one.End))]);
        }

        if (fresh <= old)
        {
            return;
        }

        var texts = Enumerable.Range(head + old, fresh - old).Select(index => _wanted.FlowText($"{path}[{index}]", wanted[index])).ToList();
        var after = head + old - 1;
        if (node.Flow)
        {
            _changes.Add(after < 0 ? (node.Items[0].Start, node.Items[0].Start, string.Concat(texts.Select(text => $"{text}, "))) : (node.Items[after].End, node.Items[after].End, string.Concat(texts.Select(text => $", {text}"))));
            return;
        }

        var first = LineStart(node.Items[0].Start);
        var dash = _text.IndexOf('-', first);
        var indent = new string(' ', dash - first);
        InsertLines(after < 0 ? first : LineEnd(node.Items[after].End), string.Concat(texts.Select(text => $"{indent}- {text}\n")));
    }

    private void Remove(Node node, int index, int start, int end, List<(int Start, int End)> all)
    {
        if (!node.Flow)
        {
            _changes.Add((LineStart(start), LineEnd(end), ""));
        }
        else if (index + 1 < all.Count)
        {
            _changes.Add((start, all[index + 1].Start, ""));
        }
        else
        {
            _changes.Add((index > 0 ? all[index - 1].End : start, end, ""));
        }
    }

    private void InsertLines(int at, string lines) => _changes.Add((at, at, at > 0 && _text[at - 1] != '\n' ? $"\n{lines}" : lines));

    /// <summary>A key with its value as a person would write it: sections of the file and of the base as lines, what is smaller on one.</summary>
    private string Lines(string key, JsonNode? value, string path, string indent)
    {
        if (value is JsonArray { Count: > 0 } items && path == key)
        {
            return $"{indent}{YamlText.Scalar(key)}:\n{string.Concat(items.Select((item, index) => $"{indent}  - {_wanted.FlowText($"{path}[{index}]", item)}\n"))}";
        }

        var section = value is JsonObject { Count: > 0 } && (!path.Contains('.', StringComparison.Ordinal) || path.StartsWith("base.", StringComparison.Ordinal));
        return section
            ? $"{indent}{YamlText.Scalar(key)}:\n{string.Concat(((JsonObject)value!).Select(member => Lines(member.Key, member.Value, $"{path}.{member.Key}", indent + "  ")))}"
            : $"{indent}{YamlText.Scalar(key)}: {_wanted.FlowText(path, value)}\n";
    }

    private string Result()
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var (start, end, text) in _changes.Index().OrderBy(change => change.Item.Start).ThenBy(change => change.Item.End).ThenBy(change => change.Index).Select(change => change.Item))
        {
            result.Append(_text, at, Math.Max(0, start - at)).Append(text);
            at = Math.Max(at, end);
        }

        return result.Append(_text, at, _text.Length - at).ToString();
    }

    /// <summary>What a part of the file says, read by itself with its indentation kept.</summary>
    private JsonNode? Now(Node node)
    {
        var line = LineStart(node.Start);
        var part = string.Concat(new string(' ', node.Start - line), _text.AsSpan(node.Start, node.End - node.Start));
        var read = SweepDocument.Parse(part);

        // What cannot be read by itself counts as changed.
        return read.Problem is null ? read.Root : new JsonObject();
    }

    private int LineStart(int at) => at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1;

    private int LineEnd(int at) => _text.IndexOf('\n', at) is var end and >= 0 ? end + 1 : _text.Length;

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <param name="Flow">Written with brackets.</param>
    private sealed record Node(int Start, int End, bool Flow, List<Member> Members, List<Node> Items);

    private sealed record Member(string Key, int Start, int KeyEnd, Node Value)
    {
        public int End => Math.Max(Value.End, KeyEnd + 1);
    }
}
