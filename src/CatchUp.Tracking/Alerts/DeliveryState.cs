namespace CatchUp.Tracking.Alerts;

public enum DeliveryState
{
    /// <summary>To be sent, for the first time or again.</summary>
    Pending,

    /// <summary>The receiver answered with a success.</summary>
    Delivered,

    /// <summary>It was tried for hours, or its address is refused.</summary>
    GivenUp,
}
