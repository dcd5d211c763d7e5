using System.Numerics;
using System.Text.Json.Nodes;
using CatchUp.Search.Constraints;
using CatchUp.Search.Spaces;

namespace CatchUp.Search;

/// <summary>
/// The parameters of a search, the conditions under which each exists, and the constraints its configurations meet. A space of
/// dimensions alone is the product of a grid; without any it has one configuration: the base.
/// </summary>
public sealed class SearchSpace
{
    private readonly Dictionary<string, int> _indices;

    /// <summary>For each parameter and condition: the parameter it asks about, and whether each of its values will do.</summary>
    private readonly (int Parent, Func<double, bool> Allows)[][] _conditions;

    /// <summary>Which parameter decides a key that constraints and conditions may name.</summary>
    private readonly Dictionary<string, int> _deciders = [];

    private readonly Dictionary<string, Term> _terms;

    public SearchSpace(IReadOnlyList<Dimension> dimensions)
        : this([.. dimensions.Select(dimension => new ChoiceParameter(dimension))], [], new Dictionary<string, JsonNode>(), allowNamesakes: true)
    {
    }

    /// <summary>A space that has been checked: use <see cref="SpaceReader"/>, which says in words what is wrong with one.</summary>
    /// <exception cref="ArgumentException">A path is there twice, a condition names no parameter or goes in a circle, or a dimension has no values.</exception>
    public SearchSpace(IReadOnlyList<Parameter> parameters, IReadOnlyList<Constraint>? constraints = null)
        : this(parameters, constraints ?? [], new Dictionary<string, JsonNode>(), allowNamesakes: false)
    {
    }

    internal SearchSpace(IReadOnlyList<Parameter> parameters, IReadOnlyList<Constraint> constraints, IReadOnlyDictionary<string, JsonNode> constants, bool allowNamesakes = false)
    {
        if (parameters.OfType<ChoiceParameter>().Any(choice => choice.Dimension.Values.Count == 0))
        {
            throw new ArgumentException("A dimension without values has no configurations.", nameof(parameters));
        }

        (Parameters, Constraints, Constants) = (parameters, constraints, constants);
        _terms = constants.Where(pair => Term.Of(pair.Value) is not null).ToDictionary(pair => pair.Key, pair => Term.Of(pair.Value)!.Value);
        Dimensions = [.. parameters.OfType<ChoiceParameter>().Select(choice => choice.Dimension)];
        Keys = [.. parameters.SelectMany(KeysOf)];
        IsFinite = parameters.All(parameter => parameter.Count is not null);
        IsPlain = Dimensions.Count == parameters.Count && constraints.Count == 0 && parameters.All(parameter => parameter.When.Count == 0);
        _indices = [];
        for (var index = 0; index < parameters.Count; index++)
        {
            if (!_indices.TryAdd(parameters[index].Path, index) && !allowNamesakes)
            {
                throw new ArgumentException($"{parameters[index].Path} is there twice.", nameof(parameters));
            }

            foreach (var key in KeysOf(parameters[index]).Append(parameters[index].Path))
            {
                _deciders.TryAdd(key, index);
            }
        }

        _conditions = [.. parameters.Select(parameter => parameter.When.Select(Compile).ToArray())];
        Order = Sort() is (var order, null) ? order : throw new ArgumentException("Conditions go in a circle.", nameof(parameters));
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<Constraint> Constraints { get; }

    /// <summary>The parameters that are lists of values.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>Whether every parameter takes a number of values that can be counted.</summary>
    public bool IsFinite { get; }

    /// <summary>Whether it is a product of lists, without conditions or constraints: then <see cref="GridSearch"/> finds a configuration by its index alone.</summary>
    public bool IsPlain { get; }

    /// <summary>Number of configurations, however many: the product of the parameters' counts, so for a space with conditions or constraints more than there are.</summary>
    /// <exception cref="InvalidOperationException">A parameter is a continuum: see <see cref="IsFinite"/>.</exception>
    public BigInteger Size => Parameters.Aggregate(BigInteger.One, (size, parameter) => size * (parameter.Count ?? throw new InvalidOperationException($"{parameter.Path} is a continuum, so the configurations cannot be counted.")));

    /// <summary>The keys that differ between configurations.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>Keys that constraints may name although they are the same everywhere.</summary>
    internal IReadOnlyDictionary<string, JsonNode> Constants { get; }

    /// <summary>Places of the parameters, each after those its conditions ask about.</summary>
    internal IReadOnlyList<int> Order { get; }

    /// <summary>The place of a parameter in <see cref="Parameters"/>; null when there is none.</summary>
    public int? IndexOf(string path) => _indices.TryGetValue(path, out var index) ? index : null;

    /// <summary>The configuration at a point of the unit cube that has an axis for each parameter; axes of parameters that do not exist there are not looked at.</summary>
    /// <param name="unit">As many numbers from 0 to 1 as there are parameters.</param>
    public Configuration FromUnit(ReadOnlySpan<double> unit)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, Parameters.Count);
        var values = new double[Parameters.Count];
        foreach (var index in Order)
        {
            values[index] = Exists(index, values) ? Parameters[index].FromUnit(unit[index]) : double.NaN;
        }

        return new Configuration(this, values);
    }

    /// <summary>The middle of the part of the unit cube that gives a configuration; 1/2 on axes of parameters that do not exist in it.</summary>
    public double[] ToUnit(Configuration configuration)
    {
        var unit = new double[Parameters.Count];
        for (var index = 0; index < unit.Length; index++)
        {
            var value = configuration.Values[index];
            unit[index] = double.IsNaN(value) ? 0.5 : Parameters[index].ToUnit(value);
        }

        return unit;
    }

    /// <summary>Reads what <see cref="Configuration.ToJson"/> wrote.</summary>
    /// <returns>Null when it is no configuration of this space: a value outside, a parameter missing or one too many, or a constraint not met.</returns>
    public Configuration? Decode(JsonObject json)
    {
        var values = new double[Parameters.Count];
        var found = 0;
        foreach (var index in Order)
        {
            values[index] = double.NaN;
            if (!Exists(index, values))
            {
                continue;
            }

            if (!json.TryGetPropertyValue(Parameters[index].Path, out var node) || Parameters[index].Decode(node) is not { } value)
            {
                return null;
            }

            values[index] = value;
            found++;
        }

        var configuration = new Configuration(this, values);
        return found == json.Count && Satisfies(configuration) ? configuration : null;
    }

    /// <summary>Whether a configuration of this space meets all constraints.</summary>
    public bool Satisfies(Configuration configuration) => Constraints.All(constraint => constraint.Holds(path => LookUp(configuration, path)));

    /// <summary>Whether a parameter exists, given the values of those before it in <see cref="Order"/>.</summary>
    internal bool Exists(int index, ReadOnlySpan<double> values)
    {
        foreach (var (parent, allows) in _conditions[index])
        {
            if (double.IsNaN(values[parent]) || !allows(values[parent]))
            {
                return false;
            }
        }

        return true;
    }

    internal bool Holds(int constraint, Configuration configuration) => Constraints[constraint].Holds(path => LookUp(configuration, path));

    /// <summary>Groups of parameters that exist together, in an order in which each comes after those its conditions ask about.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Groups()
    {
        string Signature(int index) => string.Join(';', Parameters[index].When.Select(condition => $"{condition.Path}={string.Join('|', condition.Values.Select(value => value.ToJsonString()).Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
        var groups = new List<(string Signature, int Depth, List<int> Members)>();
        var depths = new int[Parameters.Count];
        foreach (var index in Order)
        {
            depths[index] = _conditions[index].Length == 0 ? 0 : 1 + _conditions[index].Max(condition => depths[condition.Parent]);
            var signature = Signature(index);
            var at = groups.FindIndex(group => group.Signature == signature);
            if (at < 0)
            {
                groups.Add((signature, depths[index], [index]));
            }
            else
            {
                groups[at].Members.Add(index);
            }
        }

        return [.. groups.OrderBy(group => group.Depth).Select(group => group.Members)];
    }

    /// <summary>The keys a parameter decides.</summary>
    internal static IEnumerable<string> KeysOf(Parameter parameter) => parameter is ChoiceParameter choice ? choice.Dimension.Keys : [parameter.Path];

    private (int Parent, Func<double, bool> Allows) Compile(Condition condition)
    {
        if (!_deciders.TryGetValue(condition.Path, out var parent))
        {
            throw new ArgumentException($"A condition names {condition.Path}, which is not searched.", nameof(condition));
        }

        if (Parameters[parent] is not ChoiceParameter choice)
        {
            var numbers = condition.Values.Select(value => Parameters[parent].Decode(value)).ToHashSet();
            return (parent, value => numbers.Contains(value));
        }

        var allowed = choice.Dimension.Values.Select(value => condition.Values.Any(wanted => JsonNode.DeepEquals(At(choice.Path, value, condition.Path), wanted))).ToArray();
        return (parent, value => allowed[(int)value]);
    }

    /// <summary>Whether any value of the space's parameters meets a condition.</summary>
    internal bool CanMeet(Condition condition) => _deciders.TryGetValue(condition.Path, out var index) && (Parameters[index] is ChoiceParameter choice
        ? choice.Dimension.Values.Any(value => condition.Values.Any(wanted => JsonNode.DeepEquals(At(choice.Path, value, condition.Path), wanted)))
        : condition.Values.Any(value => Parameters[index].Decode(value) is not null));

    /// <summary>What a value sets at a key: itself at its own path, or a member of it below.</summary>
    internal static JsonNode? At(string path, JsonNode value, string key)
    {
        var node = value;
        if (key != path)
        {
            foreach (var name in (path.Length == 0 ? key : key[(path.Length + 1)..]).Split('.'))
            {
                node = (node as JsonObject)?[name];
            }
        }

        return node;
    }

    private Term? LookUp(Configuration configuration, string path)
    {
        if (!_deciders.TryGetValue(path, out var index))
        {
            return _terms.TryGetValue(path, out var constant) ? constant : null;
        }

        var value = configuration.Values[index];
        return double.IsNaN(value) ? null : Parameters[index] is ChoiceParameter choice ? Term.Of(At(choice.Path, choice.Dimension.Values[(int)value], path)) : Term.Of(value);
    }

    private (IReadOnlyList<int> Order, int? Circle) Sort()
    {
        var order = new List<int>();
        var state = new byte[Parameters.Count];
        for (var index = 0; index < state.Length; index++)
        {
            if (!Visit(index))
            {
                return (order, index);
            }
        }

        return (order, null);

        bool Visit(int index)
        {
            if (state[index] != 0)
            {
                return state[index] == 2;
            }

            state[index] = 1;
            foreach (var (parent, _) in _conditions[index])
            {
                if (!Visit(parent))
                {
                    return false;
                }
            }

            state[index] = 2;
            order.Add(index);
            return true;
        }
    }
}
