using System.Globalization;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Dashboard.Api;

/// <summary>Reads parameters of a request, and gathers what is wrong with them so that all of it is told at once.</summary>
internal sealed class ApiInput
{
    public const int MostItems = 1000, UsualItems = 100;

    private readonly Dictionary<string, string> _errors = [];

    private readonly IQueryCollection _query;

    /// <param name="request">Its query is read.</param>
    /// <param name="known">The query parameters there are; any other is an error, because it would have no effect.</param>
    public ApiInput(HttpRequest request, params string[] known)
    {
        _query = request.Query;
        foreach (var name in _query.Keys.Where(name => !known.Contains(name)))
        {
            var closest = ClosestWord.Find(name, known);
            _errors[Shorten(name)] = $"There is no query parameter '{Shorten(name)}' here. {(closest is not null ? $"Did you mean {closest}?" : known.Length == 0 ? "This address takes none." : $"There are {string.Join(", ", known)}.")}";
        }
    }

    /// <summary>The answer to a request that cannot be read; null when all of it could be.</summary>
    public IResult? Problem => _errors.Count == 0 ? null : ApiProblem.Bad(_errors);

    public string? Text(string name) => _query.TryGetValue(name, out var values) && values.Count > 0 && !string.IsNullOrWhiteSpace(values[0]) ? values[0] : null;

    public long Id(string name, string? text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0)
        {
            return id;
        }

        Error(name, $"'{Shorten(text)}' is no id. An id is a whole number from 1, as in 12.");
        return 0;
    }

    public long? Number(string name, long minimum, long maximum)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Error(name, $"{name} is a whole number between {minimum:N0} and {maximum:N0}; '{Shorten(text)}' is not.");
        return null;
    }

    public bool Flag(string name)
    {
        switch (Text(name))
        {
            case null or "false":
                return false;
            case "true":
                return true;
            case var text:
                Error(name, $"{name} is true or false, not '{Shorten(text)}'.");
                return false;
        }
    }

    /// <summary>How many items; more than there may be are cut to that.</summary>
    public int Limit() => (int)Math.Min(MostItems, Number("limit", 1, int.MaxValue) ?? UsualItems);

    /// <summary>Where a list goes on: what the answer before called next.</summary>
    public int Cursor()
    {
        if (Text("cursor") is not { } text)
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return offset;
        }

        Error("cursor", $"'{Shorten(text)}' is no cursor. Use the next of the answer before, or none to begin.");
        return 0;
    }

    public void Error(string field, string message) => _errors.TryAdd(field, message);

    public static string Shorten(string? text) => text is null ? "" : text.Length <= 60 ? text : $"{text[..60]}…";
}
