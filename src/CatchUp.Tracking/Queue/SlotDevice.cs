using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>What a slot computes on: two slots of one text are equally fast.</summary>
internal static class SlotDevice
{
    public static string Of(WorkerCapabilities slot) => CleanText.Line($"{slot.Device.Split(':')[0]} {slot.DeviceName}".Trim(), 200);
}
