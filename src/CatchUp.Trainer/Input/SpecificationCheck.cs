using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Input;

/// <summary>Holds a specification against the limits that its keys declare.</summary>
internal static class SpecificationCheck
{
    /// <summary>One sentence for every value out of its limits, beginning with the key's dotted path.</summary>
    public static IEnumerable<string> Problems(object specification, string prefix = "")
    {
        foreach (var property in specification.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<KeyAttribute>() is not { } key)
            {
                continue;
            }

            var path = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var problems = property.GetValue(specification) switch
            {
                null => [$"{path} must have a value."],
                string text => text.Length > key.MaximumLength ? [$"{path} has {text.Length} characters; at most {key.MaximumLength} are allowed."] : [],
                Enum => [],
                IEnumerable items => ListProblems(items, key, path),
                int or double => NumberProblems((IConvertible)property.GetValue(specification)!, key, path),
                bool => [],
                var section => Problems(section, path + "."),
            };
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> ListProblems(IEnumerable items, KeyAttribute key, string path)
    {
        var values = items.Cast<object>().ToList();
        if (values.Count < key.MinimumItems || values.Count > key.MaximumLength)
        {
            yield return $"{path} has {values.Count} items; {key.MinimumItems} to {key.MaximumLength} are allowed.";
        }

        foreach (var problem in values.OfType<int>().SelectMany((value, index) => NumberProblems(value, key, $"{path}[{index}]")))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> NumberProblems(IConvertible value, KeyAttribute key, string path)
    {
        var number = value.ToDouble(CultureInfo.InvariantCulture);
        if (!(number >= key.Minimum && number <= key.Maximum))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{path} is {value}; it must lie between {key.Minimum} and {key.Maximum}.");
        }
    }
}
