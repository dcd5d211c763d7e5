using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class AddressQueryTests
{
    [Fact]
    public void Values_are_read_wherever_the_address_begins()
    {
        Assert.Equal("loss", new AddressQuery("http://x/compare?metric=loss").Value("metric"));
        Assert.Equal("loss", new AddressQuery("/compare?metric=loss").Value("metric"));
        Assert.Equal("loss", new AddressQuery("?metric=loss").Value("metric"));
        Assert.Empty(new AddressQuery("http://x/compare").Names);
    }

    [Fact]
    public void A_parameter_may_stand_several_times_and_the_first_is_its_value()
    {
        var query = new AddressQuery("/compare?metric=loss&metric=grad%20norm");

        Assert.Equal(["metric"], query.Names);
        Assert.Equal(["loss", "grad norm"], query.Values("metric"));
        Assert.Equal("loss", query.Value("metric"));
        Assert.Empty(query.Values("view"));
    }

    [Fact]
    public void The_fragment_is_no_part_of_the_query()
    {
        Assert.Equal("4", new AddressQuery("/runs/1?nfe=4#samples").Value("nfe"));
        Assert.Empty(new AddressQuery("/runs/1#samples?nfe=4").Names);
    }

    [Theory]
    [InlineData("a=%205%20", "5", 5)]
    [InlineData("a=", null, null)]
    [InlineData("a=%20%20", null, null)]
    [InlineData("a=-5", "-5", null)]
    [InlineData("a=1e3", "1e3", null)]
    [InlineData("a=99999999999999999999", "99999999999999999999", null)]
    [InlineData("b=5", null, null)]
    public void Space_is_nothing_and_numbers_are_whole_and_not_below_zero(string text, string? value, int? number)
    {
        var query = new AddressQuery($"/runs?{text}");

        Assert.Equal(value, query.Value("a"));
        Assert.Equal(number, query.Number("a"));
        Assert.Equal(number, query.Id("a"));
    }
}
