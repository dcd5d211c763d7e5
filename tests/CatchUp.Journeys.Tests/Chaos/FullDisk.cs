namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Somebody else fills a worker's disk to the last byte.</summary>
internal sealed record FullDisk() : Disturbance(Moment.MidTraining, TimeSpan.FromSeconds(10))
{
    public override Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        using var ballast = new FileStream(Ballast(victim), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[1 << 20];
        for (var length = piece.Length; length > 0;)
        {
            try
            {
                ballast.Write(piece, 0, length);
            }
            catch (IOException)
            {
                length /= 2;
            }
        }

        return Task.CompletedTask;
    }

    public override Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        File.Delete(Ballast(victim));
        return Task.CompletedTask;
    }

    public override string ToString() => "worker's disk full";

    private static string Ballast(Victim victim) => Path.Combine(victim.Worker.Home, "ballast");
}
