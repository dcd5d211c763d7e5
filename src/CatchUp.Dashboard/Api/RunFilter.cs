using System.Globalization;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>
/// The filter of the runs list: tokens separated by spaces, all of which must hold.
/// <c>state:running,queued</c> · <c>sweep:12</c> · <c>project:"few step"</c> · <c>id:3,4</c> · <c>archived:true</c> · anything else is looked for in names.
/// </summary>
internal static class RunFilter
{
    public const string Help = "Use state:running,queued sweep:12 project:name id:3,4 archived:true, and words to look for in names; quote a word that contains a space or a colon.";

    private static readonly string[] Keys = ["state", "sweep", "project", "id", "archived"];

    private static readonly string[] States = [.. Enum.GetValues<RunState>().Select(Word)];

    private static readonly string[] Sorts = [.. Enum.GetNames<RunSort>().Select(name => JsonNamingPolicy.CamelCase.ConvertName(name))];

    public static RunQuery Read(ApiInput input)
    {
        var query = new RunQuery { Limit = input.Limit(), Offset = input.Cursor() };
        var words = new List<string>();
        foreach (var (key, value) in Tokens(input.Text("filter") ?? ""))
        {
            if (key is null)
            {
                words.Add(value);
            }
            else
            {
                query = Apply(query, key, value, input);
            }
        }

        return Sort(query, input) with { Text = words.Count == 0 ? null : string.Join(' ', words) };
    }

    private static RunQuery Apply(RunQuery query, string key, string value, ApiInput input)
    {
        switch (key)
        {
            case "state":
                return query with { States = [.. value.Split(',').Select(word => State(word, input)).Where(state => state is not null).Select(state => state!.Value)] };
            case "sweep" when Id(value) is { } sweep:
                return query with { SweepId = sweep };
            case "id" when value.Split(',').Select(Id).ToList() is var ids && ids.TrueForAll(id => id is not null):
                return query with { Ids = [.. ids.Select(id => id!.Value)] };
            case "project" when value.Length > 0:
                return query with { Project = value };
            case "archived" when value is "true" or "false":
                return query with { Archived = value == "true" };
            case var known when Keys.Contains(known):
                input.Error("filter", $"'{ApiInput.Shorten(value)}' is no value of {known} in a filter. {Help}");
                return query;
            default:
                var closest = ClosestWord.Find(key, Keys);
                input.Error("filter", $"A filter has no key '{ApiInput.Shorten(key)}'. {(closest is null ? "" : $"Did you mean {closest}? ")}{Help}");
                return query;
        }
    }

    private static RunQuery Sort(RunQuery query, ApiInput input)
    {
        if (input.Text("sort") is not { } text)
        {
            return query;
        }

        var name = text.TrimStart('-');
        if (!Sorts.Contains(name))
        {
            var closest = ClosestWord.Find(name, Sorts);
            input.Error("sort", $"Runs cannot be sorted by '{ApiInput.Shorten(name)}'. {(closest is null ? "" : $"Did you mean {closest}? ")}There are {string.Join(", ", Sorts)}; a - before it turns the order round.");
            return query;
        }

        return query with { Sort = Enum.Parse<RunSort>(name, ignoreCase: true), Descending = text.StartsWith('-') };
    }

    private static RunState? State(string word, ApiInput input)
    {
        var index = Array.IndexOf(States, word);
        if (index >= 0)
        {
            return (RunState)index;
        }

        var closest = ClosestWord.Find(word, States);
        input.Error("filter", $"There is no state '{ApiInput.Shorten(word)}'. {(closest is null ? $"There are {string.Join(", ", States)}." : $"Did you mean {closest}?")}");
        return null;
    }

    private static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string Word(RunState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    /// <summary>Words, and key:value pairs whose key stood outside quotes.</summary>
    private static IEnumerable<(string? Key, string Value)> Tokens(string text)
    {
        var token = new StringBuilder();
        string? key = null;
        var (quoted, any) = (false, false);
        foreach (var letter in text + ' ')
        {
            switch (letter)
            {
                case '"':
                    (quoted, any) = (!quoted, true);
                    break;
                case ':' when !quoted && key is null && token.Length > 0:
                    key = token.ToString();
                    token.Clear();
                    break;
                case var space when char.IsWhiteSpace(space) && !quoted:
                    if (token.Length > 0 || key is not null || any)
                    {
                        yield return (key, token.ToString());
                    }

                    token.Clear();
                    (key, any) = (null, false);
                    break;
                default:
                    token.Append(letter);
                    break;
            }
        }

        if (token.Length > 0)
        {
            yield return (key, token.ToString().TrimEnd());
        }
    }
}
