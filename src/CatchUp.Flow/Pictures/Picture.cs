namespace CatchUp.Flow.Pictures;

/// <summary>A decoded picture.</summary>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Pixels">[height, width, channels], one byte each.</param>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);
