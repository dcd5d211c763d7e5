using System.Globalization;

namespace CatchUp.Worker.Machine;

/// <summary>A card as nvidia-smi describes it.</summary>
internal sealed record GraphicsCard(int Index, string Uuid, string Name, long TotalBytes, long FreeBytes)
{
    /// <summary>What to ask nvidia-smi for.</summary>
    public const string Query = "index,uuid,name,memory.total,memory.free";

    /// <summary>Reads its lines of comma separated values, memory in MiB. Lines that say something else are passed over.</summary>
    public static IReadOnlyList<GraphicsCard> Parse(string text) =>
    [
        .. from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let fields = line.Split(',', StringSplitOptions.TrimEntries)
           where fields.Length == 5
           let index = Number(fields[0])
           let total = Number(fields[3])
           let free = Number(fields[4])
           where index is not null && total is not null && free is not null
           select new GraphicsCard((int)index.Value, fields[1], fields[2], total.Value << 20, free.Value << 20),
    ];

    /// <summary>The card that a program sees as <c>cuda:i</c>.</summary>
    /// <param name="visible">What CUDA_VISIBLE_DEVICES says: indices or beginnings of UUIDs; empty: all cards.</param>
    public static GraphicsCard? Find(IReadOnlyList<GraphicsCard> cards, string device, string? visible)
    {
        if (!device.StartsWith("cuda:", StringComparison.Ordinal) || Number(device[5..]) is not { } number)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(visible))
        {
            return cards.FirstOrDefault(card => card.Index == number);
        }

        var names = visible.Split(',', StringSplitOptions.TrimEntries);
        return number >= names.Length
            ? null
            : Number(names[number]) is { } index
                ? cards.FirstOrDefault(card => card.Index == index)
                : cards.FirstOrDefault(card => names[number].Length > 0 && card.Uuid.StartsWith(names[number], StringComparison.OrdinalIgnoreCase));
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue ? number : null;
}
