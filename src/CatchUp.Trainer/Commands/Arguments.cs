using System.Globalization;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Commands;

/// <summary>What follows a verb: positional values, <c>--option value</c> pairs and <c>--flag</c>s.</summary>
internal sealed class Arguments
{
    private readonly List<string> values = [];
    private readonly Dictionary<string, string> options = [];
    private readonly HashSet<string> flags = [];

    /// <exception cref="BadInputException">An option is unknown or lacks its value.</exception>
    public Arguments(IReadOnlyList<string> arguments, string[] options, string[] flags)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                values.Add(argument);
            }
            else if (flags.Contains(argument))
            {
                this.flags.Add(argument);
            }
            else if (!options.Contains(argument))
            {
                throw new BadInputException($"Unknown option {argument}. Known are {string.Join(", ", options.Concat(flags))}.");
            }
            else if (i + 1 == arguments.Count)
            {
                throw new BadInputException($"The option {argument} needs a value.");
            }
            else
            {
                this.options[argument] = arguments[++i];
            }
        }
    }

    /// <summary>The one positional value, or the explanation of what is missing.</summary>
    public string Single(string what) => values.Count == 1 ? values[0] : throw new BadInputException($"Give exactly one {what}; there are {values.Count}. See help.");

    /// <summary>The two positional values.</summary>
    public (string First, string Second) Pair(string first, string second) =>
        values.Count == 2 ? (values[0], values[1]) : throw new BadInputException($"Give a {first} and a {second}; there are {values.Count} values. See help.");

    /// <summary>A whole number from 1, or what is taken without the option.</summary>
    public int Number(string name, int otherwise) => Option(name) is not { } text
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new BadInputException($"{name} is '{text}'; it must be a whole number from 1.");

    public string? Option(string name) => options.GetValueOrDefault(name);

    public string Required(string name, string what) => Option(name) ?? throw new BadInputException($"Give {what} with {name}.");

    public bool Flag(string name) => flags.Contains(name);
}
