using CatchUp.Flow.Datasets;

namespace CatchUp.Flow.Tests.Datasets;

public sealed class DataOrderTests
{
    [Fact]
    public void Epoch_shows_every_image_once()
    {
        var order = new DataOrder(3, 100);

        var epoch = Enumerable.Range(0, 10).SelectMany(batch => order.Next(batch * 10, 10)).Order();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), epoch);
    }

    [Fact]
    public void Order_follows_from_the_images_seen_alone()
    {
        var straight = new DataOrder(3, 100);
        var all = Enumerable.Range(0, 30).SelectMany(batch => straight.Next(batch * 32L, 32)).ToArray();

        Assert.Equal(all[(20 * 32)..(21 * 32)], new DataOrder(3, 100).Next(20 * 32, 32));
    }

    [Fact]
    public void Epochs_and_seeds_have_orders_of_their_own()
    {
        var first = new DataOrder(3, 100).Next(0, 100);

        Assert.NotEqual(first, new DataOrder(3, 100).Next(100, 100));
        Assert.NotEqual(first, new DataOrder(4, 100).Next(0, 100));
    }
}
