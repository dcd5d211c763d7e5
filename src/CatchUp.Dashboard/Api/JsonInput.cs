using System.Text.Json;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Dashboard.Api;

/// <summary>Reads a small JSON object from a request's body; what is wrong with it goes where the query's errors go.</summary>
internal sealed class JsonInput
{
    private const int MostBytes = 16 * 1024;

    private readonly ApiInput _input;
    private readonly Dictionary<string, JsonElement> _members = [];

    private JsonInput(ApiInput input) => _input = input;

    public static async Task<JsonInput> ReadAsync(HttpRequest request, ApiInput input, CancellationToken cancellation, params string[] known)
    {
        var json = new JsonInput(input);
        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > MostBytes)
        {
            input.Error("body", $"The body has at most {MostBytes / 1024} kB here.");
            return json;
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    json.Take(member, known);
                }

                return json;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        input.Error("body", $"The body is a JSON object with {string.Join(", ", known)}.");
        return json;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public int? Whole(string name)
    {
        if (!_members.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        _input.Error(name, $"{name} is a whole number.");
        return null;
    }

    public long? Id(string name)
    {
        if (!_members.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0)
        {
            return number;
        }

        _input.Error(name, $"{name} is an id: a whole number from 1.");
        return null;
    }

    public string? Text(string name)
    {
        if (!_members.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        _input.Error(name, $"{name} is a text.");
        return null;
    }

    private void Take(JsonProperty member, string[] known)
    {
        if (known.Contains(member.Name))
        {
            _members[member.Name] = member.Value.Clone();
            return;
        }

        var closest = ClosestWord.Find(member.Name, known);
        _input.Error(ApiInput.Shorten(member.Name), $"There is no '{ApiInput.Shorten(member.Name)}' here. {(closest is not null ? $"Did you mean {closest}?" : $"There are {string.Join(", ", known)}.")}");
    }
}
