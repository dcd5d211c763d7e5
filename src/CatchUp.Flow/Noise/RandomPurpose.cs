namespace CatchUp.Flow.Noise;

/// <summary>What a stream of random numbers is for. The values are part of every recorded result: never change one.</summary>
public enum RandomPurpose : uint
{
    /// <summary>Starting noise of images that runs share.</summary>
    NoiseBank = 0x6E6F6973,

    /// <summary>The order of the images in an epoch.</summary>
    DataOrder = 0x6F726465,

    /// <summary>Everything drawn in one training step: times, noise, flips.</summary>
    Step = 0x73746570,

    /// <summary>Dropout masks of one training step.</summary>
    Dropout = 0x64726F70,

    /// <summary>Initial weights.</summary>
    Weights = 0x77656967,

    /// <summary>Generated data sets.</summary>
    Shapes = 0x73686170,

    /// <summary>Starting noise of the pairs that a run makes with another run's model; the bank is the run's seed.</summary>
    Pairs = 0x70616972,

    /// <summary>Classes of those pairs.</summary>
    PairLabels = 0x706C6162,

    /// <summary>Resamples of an interval.</summary>
    Bootstrap = 0x626F6F74,
}
