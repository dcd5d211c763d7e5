using CatchUp.Dashboard.Samples;
using Microsoft.AspNetCore.WebUtilities;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class MatrixChoiceTests
{
    [Fact]
    public void Choice_survives_the_address()
    {
        var choice = new MatrixChoice
        {
            Rows = MatrixAxis.Step, Columns = MatrixAxis.Nfe, Run = 3, Step = 100, Nfe = 4, Head = 2, Solver = "rk45-0.01", Noise = 7, Block = 0, Zoom = 4, Cell = 12, At = 35, Against = 9, Look = MatrixLook.Difference, Gain = 4,
        };

        var query = choice.ToQuery();

        Assert.Equal(MatrixChoice.Names, query.Keys);
        Assert.Equal(choice, MatrixChoice.Parse(QueryHelpers.AddQueryString("/compare?runs=1", query.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))));
        Assert.All(new MatrixChoice().ToQuery().Values, Assert.Null);
    }

    [Fact]
    public void Whatever_stands_in_the_address_is_within_bounds()
    {
        var choice = MatrixChoice.Parse($"/compare?rows=2&columns=sideways&run=-1&step=1e9&noise=99999999&block=4000&zoom=1000&gain=0&look=&solver={new string('x', 1000)}&at=x");

        Assert.Equal(new MatrixChoice { Noise = 9999, Block = 20, Zoom = MatrixChoice.MaximumZoom }, choice);
    }
}
