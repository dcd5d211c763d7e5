using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Input;

/// <summary>Reads run.json: a <see cref="RunFile"/>, or, for use by hand, only its specification.</summary>
internal static class RunInput
{
    private static readonly JsonSerializerOptions Strict = new(ContractJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="BadInputException">Not there, no JSON, an unknown key, a wrong type, an impossible value.</exception>
    public static RunFile Read(string path)
    {
        var run = Parse(path, ReadText(path));
        var problems = SpecificationCheck.Problems(run.Specification).ToList();
        if (run.Format != RunFile.CurrentFormat)
        {
            problems.Insert(0, $"format is {run.Format}; this trainer reads format {RunFile.CurrentFormat}.");
        }

        if (run.Specification.Evaluation.Samples == 1)
        {
            problems.Add("evaluation.samples is 1; statistics need at least 2, and 0 makes no evaluations.");
        }

        return problems.Count == 0
            ? run
            : throw new BadInputException($"{path} cannot be run:{string.Concat(problems.Select(problem => $"\n  {problem}"))}");
    }

    private static RunFile Parse(string path, string text)
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json is not JsonObject file
                ? throw new BadInputException($"{path} must hold a JSON object.")
                : file.ContainsKey("specification")
                    ? file.Deserialize<RunFile>(Strict)!
                    : new RunFile { Name = Path.GetFileNameWithoutExtension(path), Specification = file.Deserialize<RunSpecification>(Strict)! };
        }
        catch (JsonException error)
        {
            throw new BadInputException($"{path} cannot be read{Place(error)}: {Reason(error)}");
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {error.Message}");
        }
    }

    private static string Place(JsonException error) => error.Path is { Length: > 2 } path ? $" at {path[2..]}" : "";

    /// <summary>The serializer's first sentence; the rest repeats the path and names .NET types.</summary>
    private static string Reason(JsonException error) => error.Message.Split(" Path: ")[0].Split(" could not be mapped")[0] is var reason && reason.StartsWith("The JSON property", StringComparison.Ordinal)
        ? reason + " is not known."
        : reason;
}
