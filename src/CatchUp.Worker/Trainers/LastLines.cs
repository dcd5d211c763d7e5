using System.Text;

namespace CatchUp.Worker.Trainers;

/// <summary>Keeps the end of what a process writes, bounded in lines and in characters, however much it writes.</summary>
internal sealed class LastLines
{
    private const int Lines = 50, Characters = 16_384;

    private readonly Lock gate = new();
    private readonly StringBuilder text = new();

    public async Task ReadAsync(TextReader source)
    {
        var buffer = new char[2048];
        while (await source.ReadAsync(buffer) is var count and > 0)
        {
            lock (gate)
            {
                text.Append(buffer, 0, count);
                if (text.Length > 2 * Characters)
                {
                    text.Remove(0, text.Length - Characters);
                }
            }
        }
    }

    public IReadOnlyList<string> Get()
    {
        lock (gate)
        {
            return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(Lines)];
        }
    }
}
