namespace CatchUp.Flow.Networks;

/// <summary>How the time t in [0, 1] is embedded before the two linear layers.</summary>
public enum TimeEmbedding
{
    /// <summary>Sines and cosines of t at the frequencies (1/10000)^(k/(n/2−1)).</summary>
    Positional,

    /// <summary>Sines and cosines of 2π·f·t with fixed random f, kept in the weights as <c>map_noise.freqs</c>.</summary>
    Fourier,
}
