using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>What a key of the space takes, as the fields of a form: everything is text as it was typed.</summary>
public sealed record SpaceValue
{
    /// <summary>Values with commas between; other forms are those of the file.</summary>
    public const string List = "choice";

    /// <summary>What the fields cannot hold, as the file has it.</summary>
    public const string AsWritten = "written";

    /// <summary>The forms with two numbers, and what the numbers are.</summary>
    public static IReadOnlyList<(string Form, string Title, string First, string Second)> Pairs { get; } =
    [
        ("uniform", "uniform", "From", "To"),
        ("logUniform", "log-uniform", "From", "To"),
        ("integer", "integer", "From", "To"),
        ("normal", "normal", "Mean", "Deviation"),
        ("logNormal", "log-normal", "Mean of the logarithm", "Deviation"),
    ];

    public string Form { get; init; } = List;

    /// <summary>Of a list.</summary>
    public string Values { get; init; } = "";

    public string First { get; init; } = "";

    public string Second { get; init; } = "";

    public string Step { get; init; } = "";

    /// <summary>Of whole numbers: each decade alike.</summary>
    public bool Log { get; init; }

    /// <summary>Bounds of a bell: <c>0, 1</c>.</summary>
    public string Within { get; init; } = "";

    /// <summary><c>coupling.kind: learned</c>; several with commas between. Empty: always.</summary>
    public string When { get; init; } = "";

    public bool IsPair => Pairs.Any(pair => pair.Form == Form);

    /// <summary>Nothing is there yet that a file could say.</summary>
    public bool IsEmpty => IsPair ? First.Trim().Length == 0 || Second.Trim().Length == 0 : Values.Trim().Length == 0;

    /// <summary>The fields of a row of a draft.</summary>
    public static SpaceValue Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = new SpaceValue { Form = AsWritten, Values = text };
        var document = SweepDocument.Parse(text);

        // Several mappings with commas between are a list without its brackets, which is no YAML.
        if (document.Root is not JsonObject form)
        {
            return new SpaceValue { Values = text };
        }

        if (Distribution.NameOf(form) is not { } name || name == "fixed")
        {
            return form.ContainsKey("when") || Distribution.NameOf(form) is not null ? written : new SpaceValue { Values = text };
        }

        var fields = new SpaceValue
        {
            Form = name,
            Step = form.ContainsKey("step") ? document.FlowText("step", form["step"]) : "",
            Log = form["log"] is JsonValue log && log.TryGetValue<bool>(out var on) && on,
            Within = form["within"] is JsonArray within ? document.FlowItems("within", within) : "",
            When = form["when"] is JsonObject when ? document.FlowText("when", when)[1..^1] : "",
        };
        return form[name] switch
        {
            JsonArray items when name == List => fields with { Values = document.FlowItems(name, items) },
            JsonArray { Count: 2 } pair => fields with { First = document.FlowText($"{name}[0]", pair[0]), Second = document.FlowText($"{name}[1]", pair[1]) },
            _ => written,
        };
    }

    /// <summary>The row's text; what is in a field that its form does not have is left out.</summary>
    public string Write()
    {
        if (Form == AsWritten || (Form == List && When.Trim().Length == 0))
        {
            return Values.Trim();
        }

        List<string> parts = [IsPair ? $"{Form}: [{First.Trim()}, {Second.Trim()}]" : $"{Form}: [{Bare(Values)}]"];
        var bell = Form is "normal" or "logNormal";
        Add(IsPair && Step.Trim().Length > 0, $"step: {Step.Trim()}");
        Add(Form == "integer" && Log, "log: true");
        Add(bell && Within.Trim().Length > 0, $"within: [{Bare(Within)}]");
        Add(When.Trim().Length > 0, $"when: {{{Braceless(When)}}}");
        return $"{{{string.Join(", ", parts)}}}";

        void Add(bool has, string part)
        {
            if (has)
            {
                parts.Add(part);
            }
        }
    }

    /// <summary>Whether the values of a key can be drawn from a range at all.</summary>
    public static bool TakesRanges(string path) => SpecificationSchema.Find(path)?.Kind is KeyKind.Number or KeyKind.WholeNumber;

    private static string Bare(string text) => text.Trim() is ['[', .. var inner, ']'] ? inner : text.Trim();

    private static string Braceless(string text) => text.Trim() is ['{', .. var inner, '}'] ? inner : text.Trim();
}
