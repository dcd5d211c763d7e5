namespace CatchUp.Tracking.Samples;

/// <summary>What a picture beside a sample grid shows.</summary>
public enum SamplePictureKind
{
    /// <summary>The nearest training image of every cell.</summary>
    Neighbours,

    /// <summary>What the first cells would have become on the way.</summary>
    Trajectory,
}
