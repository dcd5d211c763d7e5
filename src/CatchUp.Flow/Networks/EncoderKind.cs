namespace CatchUp.Flow.Networks;

/// <summary>What the encoder of a <see cref="SongUNet"/> does beside its residual blocks.</summary>
public enum EncoderKind
{
    /// <summary>Nothing (DDPM++).</summary>
    Standard,

    /// <summary>An auxiliary branch carries the image down and is added at every resolution (NCSN++).</summary>
    Residual,
}
