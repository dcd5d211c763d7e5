using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>
/// The objectives of a draft as a set of choices: one choice is a fixed key, several are a part of the search space.
/// What the choices cannot say (an objective swept together with another of its keys) is left to the rows of the form.
/// </summary>
internal sealed record ObjectiveChoices(IReadOnlyList<string> Chosen, bool IsPlain)
{
    public const string RectifiedFlow = "rectified-flow";
    private const string CatchUp = "catch-up";
    private const string KindPath = "objective.kind";
    private const string OrderPath = "objective.order";
    private const string WholePath = "objective";

    /// <summary>The paths that the choices stand for; a form need not list them again.</summary>
    public static IReadOnlyList<string> Paths { get; } = [KindPath, OrderPath, WholePath];

    private static readonly string[] Orders = ["rk12", "rk23", "rk34"];

    /// <summary>All choices, in the order a form shows them.</summary>
    public static IReadOnlyList<string> All { get; } = [RectifiedFlow, .. Orders];

    public static string TitleOf(string choice) => choice == RectifiedFlow ? "Rectified flow" : $"Catch-up {choice.ToUpperInvariant()}";

    public static ObjectiveChoices Of(SweepDraft draft)
    {
        var whole = Text(draft.Space, WholePath);
        var kinds = Items(Text(draft.Space, KindPath) ?? Text(draft.Overrides, KindPath) ?? PresetValues.Find(draft.Preset, KindPath) ?? RectifiedFlow);
        var orders = Items(Text(draft.Space, OrderPath) ?? Text(draft.Overrides, OrderPath) ?? PresetValues.Find(draft.Preset, OrderPath) ?? Orders[0]);
        if (whole is not null)
        {
            var mappings = Mappings(whole);
            return mappings is null || Text(draft.Space, KindPath) is not null || Text(draft.Space, OrderPath) is not null
                ? new ObjectiveChoices([], false)
                : new ObjectiveChoices([.. All.Where(mappings.Contains)], true);
        }

        if (!kinds.All(kind => kind is RectifiedFlow or CatchUp) || !orders.All(Orders.Contains))
        {
            return new ObjectiveChoices([], false);
        }

        // An order swept beside rectified flow makes runs that differ in nothing: no set of choices says that.
        if (kinds.Contains(RectifiedFlow) && orders.Count > 1)
        {
            return new ObjectiveChoices([], false);
        }

        return new ObjectiveChoices([.. All.Where(choice => choice == RectifiedFlow ? kinds.Contains(RectifiedFlow) : kinds.Contains(CatchUp) && orders.Contains(choice))], true);
    }

    /// <summary>The draft with exactly these objectives.</summary>
    public static SweepDraft Apply(SweepDraft draft, IReadOnlyCollection<string> chosen)
    {
        var orders = Orders.Where(chosen.Contains).ToArray();
        var flow = chosen.Contains(RectifiedFlow);
        List<DraftEntry> overrides = [.. draft.Overrides.Where(entry => entry.Path is not (KindPath or OrderPath))];
        List<DraftEntry> space = [.. draft.Space.Where(entry => entry.Path is not (KindPath or OrderPath or WholePath))];
        switch (flow, orders.Length)
        {
            case (true, 0):
                overrides.Add(new DraftEntry(KindPath, RectifiedFlow));
                break;
            case (false, 0):
                break;
            case (false, 1):
                overrides.Add(new DraftEntry(KindPath, CatchUp));
                overrides.Add(new DraftEntry(OrderPath, orders[0]));
                break;
            case (false, _):
                overrides.Add(new DraftEntry(KindPath, CatchUp));
                space.Insert(0, new DraftEntry(OrderPath, string.Join(", ", orders)));
                break;
            default:
                space.Insert(0, new DraftEntry(WholePath, string.Join(", ", orders.Select(order => $"{{kind: {CatchUp}, order: {order}}}").Prepend($"{{kind: {RectifiedFlow}}}"))));
                break;
        }

        return draft with { Overrides = overrides, Space = space };
    }

    private static string? Text(IReadOnlyList<DraftEntry> entries, string path) => entries.FirstOrDefault(entry => entry.Path == path)?.Text;

    private static List<string> Items(string text) =>
        [.. text.Trim().TrimStart('[').TrimEnd(']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Unquoted)];

    /// <summary>The choices that a list of flow mappings names; null when one of them says something else.</summary>
    private static HashSet<string>? Mappings(string text)
    {
        var chosen = new HashSet<string>();
        var rest = text.Trim().TrimStart('[').TrimEnd(']').Trim();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf('}', StringComparison.Ordinal);
            if (rest[0] != '{' || end < 0)
            {
                return null;
            }

            string? kind = null;
            string? order = null;
            foreach (var pair in rest[1..end].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var parts = pair.Split(':', 2, StringSplitOptions.TrimEntries);
                switch (Unquoted(parts[0]))
                {
                    case "kind" when parts.Length == 2:
                        kind = Unquoted(parts[1]);
                        break;
                    case "order" when parts.Length == 2:
                        order = Unquoted(parts[1]);
                        break;
                    default:
                        return null;
                }
            }

            switch (kind)
            {
                case RectifiedFlow:
                    chosen.Add(RectifiedFlow);
                    break;
                case CatchUp when Orders.Contains(order):
                    chosen.Add(order!);
                    break;
                default:
                    return null;
            }

            rest = rest[(end + 1)..].TrimStart(',', ' ', '\n');
        }

        return chosen;
    }

    private static string Unquoted(string text) => text.Trim('"', '\'');
}
