using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

/// <summary>The keys of <see cref="RunSpecification"/>, read once from its records and their <see cref="KeyAttribute"/>s. Validation, the form and the documentation are made from it.</summary>
public static class SpecificationSchema
{
    private static readonly Dictionary<string, SpecificationKey> ByPath;

    static SpecificationSchema()
    {
        var defaults = JsonSerializer.SerializeToNode(new RunSpecification(), ContractJson.Options);
        Root = new SpecificationKey { Path = "", Name = "", Kind = KeyKind.Section, Keys = ReadSection(typeof(RunSpecification), "", defaults!) };
        All = [.. Descendants(Root)];
        ByPath = All.ToDictionary(key => key.Path);
    }

    /// <summary>The whole specification.</summary>
    public static SpecificationKey Root { get; }

    /// <summary>Every key, sections before their keys.</summary>
    public static IReadOnlyList<SpecificationKey> All { get; }

    /// <summary>Every key that has a value of its own.</summary>
    public static IEnumerable<SpecificationKey> Leaves => All.Where(key => key.Kind != KeyKind.Section);

    public static SpecificationKey? Find(string path) => path.Length == 0 ? Root : ByPath.GetValueOrDefault(path);

    /// <summary>The key that someone who wrote this path most likely meant: one of the same section if it is near, else the same name in another section, else the nearest path.</summary>
    public static string? Closest(string path)
    {
        var split = path.LastIndexOf('.');
        var (section, name) = split < 0 ? ("", path) : (path[..split], path[(split + 1)..]);
        if (Find(section) is { Kind: KeyKind.Section } parent && ClosestWord.Find(name, parent.Keys.Select(key => key.Name)) is { } sibling)
        {
            return section.Length == 0 ? sibling : $"{section}.{sibling}";
        }

        var elsewhere = ClosestWord.Find(name, All.Select(key => key.Name).Distinct());
        var namesakes = All.Where(key => key.Name == elsewhere).Select(key => key.Path).ToList();
        return namesakes.Count > 0
            ? namesakes.MinBy(candidate => ClosestWord.Distance(path.Length > 100 ? "" : path, candidate))
            : ClosestWord.Find(path, ByPath.Keys);
    }

    private static IEnumerable<SpecificationKey> Descendants(SpecificationKey section) =>
        section.Keys.SelectMany(key => Descendants(key).Prepend(key));

    private static SpecificationKey[] ReadSection(Type record, string path, JsonNode defaults) =>
        [.. record.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite).Select(property => ReadKey(property, path, defaults))];

    private static SpecificationKey ReadKey(PropertyInfo property, string section, JsonNode defaults)
    {
        var attribute = property.GetCustomAttribute<KeyAttribute>()
            ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no [Key] that says what it means.");
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var path = section.Length == 0 ? name : $"{section}.{name}";
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var kind = KindOf(type);
        var item = kind == KeyKind.List ? type.GetGenericArguments()[0] : type;
        var itemKind = KindOf(item);
        var whole = itemKind == KeyKind.WholeNumber;
        return new SpecificationKey
        {
            Path = path,
            Name = name,
            Kind = kind,
            ItemKind = kind == KeyKind.List ? itemKind : null,
            Minimum = whole ? Math.Max(attribute.Minimum, int.MinValue) : attribute.Minimum,
            Maximum = whole ? Math.Min(attribute.Maximum, int.MaxValue) : attribute.Maximum,
            TakesNumbers = attribute.TakesNumbers,
            MinimumItems = attribute.MinimumItems,
            MaximumLength = attribute.MaximumLength,
            Choices = itemKind == KeyKind.Choice ? [.. Enum.GetNames(item).Select(member => Word(item, member))] : [],
            Default = kind == KeyKind.Section ? null : defaults[name]?.DeepClone(),
            Description = attribute.Description,
            Keys = kind == KeyKind.Section ? ReadSection(type, path, defaults[name]!) : [],
        };
    }

    private static KeyKind KindOf(Type type) => type switch
    {
        _ when type.IsEnum => KeyKind.Choice,
        _ when type == typeof(int) => KeyKind.WholeNumber,
        _ when type == typeof(double) => KeyKind.Number,
        _ when type == typeof(bool) => KeyKind.Boolean,
        _ when type == typeof(string) => KeyKind.Text,
        _ when type.IsAssignableTo(typeof(IEnumerable)) => KeyKind.List,
        _ when type.Namespace == typeof(RunSpecification).Namespace => KeyKind.Section,
        _ => throw new InvalidOperationException($"A key of a run specification cannot be a {type}."),
    };

    private static string Word(Type choices, string member) =>
        choices.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member);
}
