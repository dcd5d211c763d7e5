using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Constraints;

namespace CatchUp.Search.Spaces;

/// <summary>
/// Reads a space as sweep files write it, and says of a bad one where it is wrong and how to mend it:
/// <code>
/// coupling.kind: [independent, learned]
/// coupling.dimension: { integer: [8, 64], when: { coupling.kind: learned } }
/// optimizer.learningRate: { logUniform: [1e-4, 1e-2] }
/// network.dropout: { uniform: [0, 0.3], step: 0.05 }
/// </code>
/// </summary>
public sealed class SpaceReader
{
    public const int MostParameters = 200, MostChoices = 10_000, MostConstraints = 50, Tries = 2000;

    /// <summary>Grids up to this are looked through for a configuration that meets the constraints; larger spaces are drawn from.</summary>
    private const int Searchable = 20_000;

    private readonly List<SpecificationProblem> _problems = [];

    private readonly Func<string, SpecificationKey?>? _find;

    private SpaceReader(Func<string, SpecificationKey?>? find) => _find = find;

    /// <summary>Reads and checks a whole space.</summary>
    /// <param name="space">Paths and what they take.</param>
    /// <param name="constraints">Conditions on whole configurations, as <see cref="Constraint"/> describes.</param>
    /// <param name="find">Looks up a key of the run specification, <see cref="SpecificationSchema.Find"/>: paths and values then must be those of its keys. Null: any paths.</param>
    /// <param name="constants">Flattened keys that have the same value in all configurations, for constraints to name.</param>
    public static SpaceReading Read(JsonObject space, IReadOnlyList<string>? constraints = null, Func<string, SpecificationKey?>? find = null, IReadOnlyDictionary<string, JsonNode>? constants = null)
    {
        var reader = new SpaceReader(find);
        var result = reader.Read(space, constraints ?? [], constants ?? new Dictionary<string, JsonNode>());
        return new SpaceReading(reader._problems.Count == 0 ? result : null, reader._problems);
    }

    private SearchSpace? Read(JsonObject space, IReadOnlyList<string> constraints, IReadOnlyDictionary<string, JsonNode> constants)
    {
        if (space.Count is 0 or > MostParameters)
        {
            Add("space", space.Count == 0
                ? "The space is empty. Name at least one key with what it takes, as in optimizer.learningRate: { logUniform: [1e-4, 1e-2] }."
                : $"A space has at most {MostParameters} parameters, and this has {space.Count}. Fix some of them in base.");
            return null;
        }

        var parameters = new List<Parameter>();
        foreach (var (path, node) in space)
        {
            if (ReadParameter(path, node) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }

        if (_problems.Count > 0)
        {
            return null;
        }

        foreach (var shared in parameters.SelectMany(parameter => SearchSpace.KeysOf(parameter).Select(key => (key, parameter.Path))).GroupBy(pair => pair.key).Where(group => group.Count() > 1))
        {
            Add($"space.{shared.Last().Path}", $"{shared.Key} is set by {string.Join(" and by ", shared.Select(pair => pair.Path))}. Search a key once.", atKey: true);
        }

        CheckConditions(parameters);
        if (_problems.Count > 0)
        {
            return null;
        }

        var terms = constants.Select(pair => (pair.Key, Term: Term.Of(pair.Value))).Where(pair => pair.Term is not null).ToDictionary(pair => pair.Key, pair => pair.Term!.Value);
        var read = ReadConstraints(parameters, constraints, terms);
        var result = _problems.Count == 0 ? new SearchSpace(parameters, read, constants) : null;
        CheckSatisfiable(result);
        return result;
    }

    private Parameter? ReadParameter(string path, JsonNode? node)
    {
        var at = $"space.{path}";
        SpecificationKey? key = null;
        if (_find is not null)
        {
            if (path == "seed")
            {
                Add(at, "The seed is not a parameter to search. Use replicates: 3 for the same configuration with three seeds; base.seed is the first.", "replicates", atKey: true);
                return null;
            }

            key = path.Length == 0 ? null : _find(path);
            if (key is null)
            {
                var closest = SpecificationSchema.Closest(path);
                Add(at, $"Unknown key '{path}'. {(closest is null ? "Name a key of the run specification, as in objective.order." : $"Did you mean {closest}?")}", closest, atKey: true);
                return null;
            }
        }

        if (node is JsonArray list)
        {
            return ReadChoice(path, at, list, key, []);
        }

        if (node is not JsonObject form)
        {
            Add(at, $"Below space each key has a list of values or a range: [{(node is null ? "…" : ValueText.Of(node))}], or {{ uniform: [0, 1] }}. A key with one value belongs below base.");
            return null;
        }

        var named = form.Where(member => Distribution.Names.Contains(member.Key)).Select(member => member.Key).ToList();
        if (named.Count != 1)
        {
            var word = form.Select(member => ClosestWord.Find(member.Key, Distribution.Names)).FirstOrDefault(name => name is not null);
            Add(at, named.Count > 1
                ? $"{string.Join(" and ", named)} cannot both say how {path} is drawn. Keep one."
                : $"This does not say how {path} is drawn. {(word is null ? $"There are {string.Join(", ", Distribution.Names)}." : $"Did you mean {word}?")}", word, atKey: true);
            return null;
        }

        var distribution = named[0];
        foreach (var (name, _) in form.Where(member => member.Key != distribution && !Distribution.Companions.Contains(member.Key)))
        {
            var closest = ClosestWord.Find(name, Distribution.Companions);
            Add($"{at}.{name}", $"Unknown key '{name}'. {(closest is null ? $"Beside {distribution} there may be {string.Join(", ", Distribution.Companions)}." : $"Did you mean {closest}?")}", closest, atKey: true);
        }

        var before = _problems.Count;
        var when = ReadWhen(at, form);
        if (_problems.Count > before)
        {
            return null;
        }

        return distribution switch
        {
            "choice" => form[distribution] is JsonArray values ? ReadChoice(path, $"{at}.choice", values, key, when, form) : Refuse($"{at}.choice", "choice is a list of values: [1, 2, 4]."),
            "fixed" => ReadChoice(path, $"{at}.fixed", [form[distribution]?.DeepClone()], key, when, form),
            _ => ReadNumber(path, at, distribution, form, key, when),
        };
    }

    private ChoiceParameter? ReadChoice(string path, string at, JsonArray items, SpecificationKey? key, IReadOnlyList<Condition> when, JsonObject? form = null)
    {
        foreach (var name in new[] { "step", "log", "within" }.Where(name => form?.ContainsKey(name) == true))
        {
            Add($"{at[..at.LastIndexOf('.')]}.{name}", $"{name} belongs to ranges; a list has none. Remove it.", atKey: true);
        }

        if (items.Count is 0 or > MostChoices)
        {
            Add(at, items.Count == 0 ? $"{path} has no values to try, so there would be no runs. Add values or remove the key." : $"{path} has {items.Count} values; at most {MostChoices:N0} are possible. Write a range.");
            return null;
        }

        var values = new List<JsonNode>();
        var seen = new HashSet<string>();
        var before = _problems.Count;
        for (var index = 0; index < items.Count; index++)
        {
            var place = items.Count == 1 && at.EndsWith(".fixed", StringComparison.Ordinal) ? at : $"{at}[{index}]";
            if (items[index] is not { } item || item.GetValueKind() == JsonValueKind.Null)
            {
                Add(place, "There is no value here. Write one, or remove it.");
                continue;
            }

            if (Distribution.NameOf(item) is { } inner && key is not { Kind: KeyKind.Section })
            {
                Add(place, $"A range cannot be one of a list. Write {{ {inner}: … }} without the list.");
                continue;
            }

            if (Normalise(key, item, place) is not { } value)
            {
                continue;
            }

            if (!seen.Add(value.ToJsonString()))
            {
                Add(place, "This value is there twice. Keep one; for more runs of the same configuration use replicates.");
            }

            values.Add(value);
        }

        return _problems.Count == before ? new ChoiceParameter(new Dimension(path, values), when) : null;
    }

    private NumberParameter? ReadNumber(string path, string at, string distribution, JsonObject form, SpecificationKey? key, IReadOnlyList<Condition> when)
    {
        if (key is not null && key.Kind is not (KeyKind.Number or KeyKind.WholeNumber))
        {
            Add(at, $"{path} is no number, so it cannot be drawn from a range. List its values: [{string.Join(", ", key.Choices.Count > 0 ? key.Choices.Take(2) : ["…"])}].");
            return null;
        }

        var bell = distribution is "normal" or "logNormal";
        var before = _problems.Count;
        var (first, second) = Pair(form[distribution], $"{at}.{distribution}", bell ? "the mean and the standard deviation" : "the smallest and the largest value");
        var (low, high) = bell ? (double.NegativeInfinity, double.PositiveInfinity) : (first, second);
        if (form.ContainsKey("within"))
        {
            if (bell)
            {
                (low, high) = Pair(form["within"], $"{at}.within", "the smallest and the largest value");
            }
            else
            {
                Add($"{at}.within", $"within is for bells; {distribution} has its bounds already. Remove it.", atKey: true);
            }
        }

        double? step = null;
        if (form.TryGetPropertyValue("step", out var written))
        {
            step = JsonNumber.Read(written);
            if (step is null)
            {
                Add($"{at}.step", "A step is a finite number above 0.");
            }
        }

        var log = false;
        if (form.TryGetPropertyValue("log", out var logarithmic))
        {
            if (distribution != "integer" || logarithmic?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            {
                Add($"{at}.log", "log: true makes the scale of integer logarithmic. For other numbers write logUniform.", atKey: true);
            }
            else
            {
                log = logarithmic.GetValue<bool>();
            }
        }

        if (_problems.Count > before)
        {
            return null;
        }

        var whole = distribution == "integer" || (key?.Kind == KeyKind.WholeNumber && step is not null);
        var scale = distribution switch
        {
            "uniform" => NumberScale.Uniform,
            "integer" => log ? NumberScale.LogUniform : NumberScale.Uniform,
            "logUniform" => NumberScale.LogUniform,
            "normal" => NumberScale.Normal,
            _ => NumberScale.LogNormal,
        };
        var (mean, deviation) = bell ? (first, second) : (0, 1);
        if (key?.Kind == KeyKind.WholeNumber && !whole)
        {
            Add(at, $"{path} takes whole numbers only. Write {{ integer: [{ValueText.Of(form[distribution])}] }}, or add a whole step.", "integer");
            return null;
        }

        if (NumberParameter.Problem(scale, low, high, whole ? step ?? 1 : step, whole, mean, deviation) is { } problem)
        {
            Add($"{at}.{distribution}", problem);
            return null;
        }

        var parameter = new NumberParameter(path, scale, low, high, step, whole, mean, deviation, when);
        if (key is not null && (parameter.Low < key.Minimum || parameter.High > key.Maximum))
        {
            Add($"{at}.{distribution}", $"{path} is {(double.IsFinite(key.Minimum) ? $"at least {Text(key.Minimum)}" : "")}{(double.IsFinite(key.Minimum) && double.IsFinite(key.Maximum) ? " and " : "")}{(double.IsFinite(key.Maximum) ? $"at most {Text(key.Maximum)}" : "")}, and this range reaches from {Text(parameter.Low)} to {Text(parameter.High)}. {(bell ? "Add within: [low, high]." : "Draw the bounds in.")}");
            return null;
        }

        return parameter;
    }

    private List<Condition> ReadWhen(string at, JsonObject form)
    {
        var conditions = new List<Condition>();
        if (!form.TryGetPropertyValue("when", out var node))
        {
            return conditions;
        }

        if (node is not JsonObject { Count: > 0 and <= 8 } when)
        {
            Add($"{at}.when", "when names other parameters, at most 8, with the values under which this one exists: { coupling.kind: learned }.");
            return conditions;
        }

        foreach (var (path, wanted) in when)
        {
            var values = wanted is JsonArray list ? [.. list.Select(value => value?.DeepClone())] : new List<JsonNode?> { wanted?.DeepClone() };
            if (values.Count is 0 or > MostChoices || values.Any(value => value is null))
            {
                Add($"{at}.when.{path}", "A condition names one value or a list of them, and none is empty.");
                continue;
            }

            conditions.Add(new Condition(path, [.. values.Select(value => value!)]));
        }

        return conditions;
    }

    /// <summary>Each condition names a parameter and values that it has; none comes back to itself.</summary>
    private void CheckConditions(List<Parameter> parameters)
    {
        var deciders = new Dictionary<string, Parameter>();
        foreach (var (key, parameter) in parameters.SelectMany(parameter => SearchSpace.KeysOf(parameter).Append(parameter.Path).Select(key => (key, parameter))))
        {
            deciders.TryAdd(key, parameter);
        }

        foreach (var parameter in parameters)
        {
            foreach (var condition in parameter.When)
            {
                var at = $"space.{parameter.Path}.when.{condition.Path}";
                if (!deciders.TryGetValue(condition.Path, out var other))
                {
                    var closest = ClosestWord.Find(condition.Path, deciders.Keys);
                    Add(at, $"'{condition.Path}' is no parameter of this space, so nothing can depend on it. {(closest is null ? "Remove the condition or search that key too." : $"Did you mean {closest}?")}", closest, atKey: true);
                    continue;
                }

                foreach (var value in condition.Values.Where(value => !Takes(other, condition.Path, value)))
                {
                    Add(at, $"{condition.Path} is never {ValueText.Of(value)}, so {parameter.Path} would never exist for it. {(other is ChoiceParameter choice ? $"It takes {string.Join(", ", choice.Dimension.Values.Select(item => ValueText.Of(SearchSpace.At(choice.Path, item, condition.Path))).Where(text => text.Length > 0).Distinct().Take(10))}." : "Write one of its values.")}");
                }
            }
        }

        if (_problems.Count == 0 && Circle(parameters, deciders) is { } circle)
        {
            Add($"space.{circle[0]}.when", $"These conditions go in a circle: {string.Join(" needs ", circle.Append(circle[0]))}. Remove one of them.", atKey: true);
        }
    }

    private static bool Takes(Parameter parameter, string path, JsonNode value) => parameter is ChoiceParameter choice
        ? choice.Dimension.Values.Any(item => JsonNode.DeepEquals(SearchSpace.At(choice.Path, item, path), value))
        : parameter.Decode(value) is not null;

    /// <summary>The paths of parameters each of which needs the next, and the last the first; null when there are none.</summary>
    private static List<string>? Circle(List<Parameter> parameters, Dictionary<string, Parameter> deciders)
    {
        var done = new HashSet<Parameter>();
        return parameters.Select(parameter => Visit(parameter, [])).FirstOrDefault(found => found is not null);

        List<string>? Visit(Parameter parameter, List<Parameter> way)
        {
            if (way.IndexOf(parameter) is var at and >= 0)
            {
                return [.. way.Skip(at).Select(step => step.Path)];
            }

            if (done.Contains(parameter))
            {
                return null;
            }

            way.Add(parameter);
            foreach (var condition in parameter.When)
            {
                if (Visit(deciders[condition.Path], way) is { } circle)
                {
                    return circle;
                }
            }

            way.RemoveAt(way.Count - 1);
            done.Add(parameter);
            return null;
        }
    }

    private List<Constraint> ReadConstraints(List<Parameter> parameters, IReadOnlyList<string> constraints, Dictionary<string, Term> constants)
    {
        if (constraints.Count > MostConstraints)
        {
            Add("constraints", $"A space has at most {MostConstraints} constraints. Join some of them with and.");
            return [];
        }

        var types = constants.ToDictionary(pair => pair.Key, pair => pair.Value.Type);
        foreach (var parameter in parameters)
        {
            foreach (var key in SearchSpace.KeysOf(parameter))
            {
                if (TypeOf(parameter, key) is { } type)
                {
                    types[key] = type;
                }
                else
                {
                    types.Remove(key);
                }
            }
        }

        var read = new List<Constraint>();
        for (var index = 0; index < constraints.Count; index++)
        {
            if (Constraint.Parse(constraints[index], types, out var problem) is { } constraint)
            {
                read.Add(constraint);
            }
            else
            {
                Add($"constraints[{index}]", string.Create(CultureInfo.InvariantCulture, $"At character {problem!.Position + 1}: {problem.Message}"), problem.Suggestion);
            }
        }

        return read;
    }

    /// <summary>What a key is when all its values are of one kind; null for lists, mappings and mixtures, which constraints cannot name.</summary>
    private static TermType? TypeOf(Parameter parameter, string key)
    {
        if (parameter is not ChoiceParameter choice)
        {
            return TermType.Number;
        }

        var types = choice.Dimension.Values.Select(value => SearchSpace.At(choice.Path, value, key)).Where(node => node is not null).Select(node => Term.Of(node)?.Type).Distinct().ToList();
        return types is [{ } type] ? type : null;
    }

    private void CheckSatisfiable(SearchSpace? space)
    {
        if (space is null || space.Constraints.Count == 0)
        {
            return;
        }

        var held = new int[space.Constraints.Count];
        var tried = 0;
        foreach (var configuration in Samples(space))
        {
            tried++;
            var all = true;
            for (var index = 0; index < held.Length; index++)
            {
                var holds = space.Holds(index, configuration);
                held[index] += holds ? 1 : 0;
                all &= holds;
            }

            if (all)
            {
                return;
            }
        }

        var worst = Array.IndexOf(held, held.Min());
        Add($"constraints[{worst}]", held[worst] == 0
            ? string.Create(CultureInfo.InvariantCulture, $"None of {tried:N0} configurations of the space meets this. Loosen it, or widen the ranges it names: {string.Join(", ", space.Constraints[worst].Paths)}.")
            : string.Create(CultureInfo.InvariantCulture, $"None of {tried:N0} configurations of the space meets all constraints together; this one is met by the fewest ({held[worst]:N0}). Loosen it, or widen the ranges."));
    }

    private static IEnumerable<Configuration> Samples(SearchSpace space)
    {
        if (space.IsFinite && space.Size <= Searchable)
        {
            var walk = new GridWalk(space);
            for (var at = walk.First(); at is not null; at = walk.Next(at))
            {
                yield return walk.Configuration(at);
            }

            yield break;
        }

        var unit = new double[space.Parameters.Count];
        for (var trial = 0; trial < Tries; trial++)
        {
            var random = new CounterRandom(0, trial, 0);
            for (var index = 0; index < unit.Length; index++)
            {
                unit[index] = random.Next();
            }

            yield return space.FromUnit(unit);
        }
    }

    private JsonNode? Normalise(SpecificationKey? key, JsonNode value, string at)
    {
        if (key is null)
        {
            return value.DeepClone();
        }

        var found = new List<SpecificationProblem>();
        var normal = SpecificationValidator.Normalise(key, value, at, found);
        _problems.AddRange(found);
        return normal;
    }

    private (double First, double Second) Pair(JsonNode? node, string at, string what)
    {
        if (node is JsonArray { Count: 2 } pair && JsonNumber.Read(pair[0]) is { } first && JsonNumber.Read(pair[1]) is { } second)
        {
            return (first, second);
        }

        Add(at, $"This takes two finite numbers: {what}.");
        return (0, 1);
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private ChoiceParameter? Refuse(string at, string message)
    {
        Add(at, message);
        return null;
    }

    private void Add(string path, string message, string? suggestion = null, bool atKey = false) => _problems.Add(new(path, message, suggestion, atKey));
}
