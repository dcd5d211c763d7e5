using System.Globalization;
using CatchUp.Dashboard.Api;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Nights;

namespace CatchUp.Dashboard.Nights;

/// <summary>The stretch of time that is looked at, in the address: a link shows everybody the same instants, whatever their zone.</summary>
/// <param name="From">Null: 18:00 yesterday.</param>
/// <param name="To">Null: now.</param>
public sealed record NightAddress(DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public static NightAddress Parse(string uri)
    {
        var query = new AddressQuery(uri);
        var (from, to) = (Instant("from"), Instant("to"));
        return from is not null && to is not null && from >= to ? new NightAddress() : new NightAddress(from, to);

        DateTimeOffset? Instant(string name) => query.Value(name) is { } text ? DigestEndpoints.ReadInstant(text) : null;
    }

    /// <summary>The night that began on a day by the clocks of a place.</summary>
    public static NightAddress Of(DateOnly day, TimeZoneInfo zone) => new(NightTimes.Start(day, zone), NightTimes.Start(day.AddDays(1), zone));

    /// <summary>The instants meant.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Resolve(DateTimeOffset now, TimeZoneInfo zone)
    {
        var to = To ?? now;
        var from = From ?? NightTimes.Start(NightTimes.Yesterday(to, zone), zone);
        from = from < to ? from : to.AddDays(-1);
        return (to - from > NightStore.Longest ? to - NightStore.Longest : from, to);
    }

    /// <summary>The day on which it began, by the clocks of a place.</summary>
    public DateOnly Day(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Resolve(now, zone).From, zone).DateTime);

    public override string ToString() => (From, To) switch
    {
        (null, null) => "/digest",
        _ => "/digest?" + string.Join('&', new[] { ("from", From), ("to", To) }.Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={pair.Item2!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}")),
    };
}
