using System.Text.Json.Nodes;

namespace CatchUp.Dashboard.Tests.Api;

/// <summary>An answer of the API, read whole.</summary>
public sealed record ApiAnswer(int Status, string? Type, byte[] Bytes, HttpResponseMessage Response)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes)!;

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), response);

    /// <summary>It is problem details of this status that name this field, and whose words contain these.</summary>
    public void IsProblem(int status, string? field, params string[] words)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        Assert.Equal("application/problem+json", Type);
        Assert.Equal(status, Json["status"]!.GetValue<int>());
        Assert.NotEmpty(Json["title"]!.GetValue<string>());
        var detail = Json["detail"]!.GetValue<string>();
        Assert.All(words, word => Assert.Contains(word, detail, StringComparison.Ordinal));
        if (field is not null)
        {
            Assert.NotEmpty(Json["errors"]![field]!.AsArray());
        }
    }
}
