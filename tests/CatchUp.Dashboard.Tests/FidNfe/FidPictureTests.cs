using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.FidNfe;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.FidNfe;

public sealed class FidPictureTests
{
    private static readonly FidSubject One = new("one", "one", default, [(1, 0)]), Two = new("two", "two", default, [(2, 1)]), Three = new("three", "three", default, [(3, 2)]);

    [Fact]
    public void Numbers_of_other_protocols_stay_apart_with_the_reason()
    {
        List<Evaluation> evaluations =
        [
            Measured.Of(1, 4, 10), Measured.Of(1, 8, 9),
            Measured.Of(2, 4, 1) with { Samples = 100, NoiseBank = 2, Fingerprint = "other" },
            Measured.Of(2, 4, 0.1) with { Metric = "kid" },
        ];

        var picture = FidPicture.Of(evaluations, [One, Two, Three], FidView.Usual);

        Assert.Equal(["one"], picture.Lines.Select(line => line.Label));
        var apart = Assert.Single(picture.Apart);
        Assert.Equal("sample count 100 instead of 500, noise bank 2 instead of 1", apart.Why);
        Assert.Equal(["two"], apart.Lines.Select(line => line.Label));
        Assert.Equal(["two: measured otherwise: sample count 100 instead of 500, noise bank 2 instead of 1", "three: no number yet"], picture.Absent.Select(subject => $"{subject.Key}: {picture.WhyAbsent(subject)}"));
        Assert.DoesNotContain(FidRanking.Of(picture.Lines, 4, picture.Better), rank => rank.Line.Subject == "two");

        // The other one may be looked at instead; then the first stays apart.
        var turned = FidPicture.Of(evaluations, [One, Two, Three], FidView.Usual with { Protocol = apart.Protocol.Key });
        Assert.Equal(("two", "sample count 500 instead of 100, noise bank 1 instead of 2"), (turned.Lines[0].Label, turned.Apart[0].Why));
    }

    [Fact]
    public void Numbers_of_gates_and_of_runs_that_are_not_asked_for_are_left_out()
    {
        List<Evaluation> evaluations = [Measured.Of(1, 4, 10), Measured.Of(1, 4, 1) with { Gate = 100, Fingerprint = "gate" }, Measured.Of(9, 16, 2)];

        var picture = FidPicture.Of(evaluations, [One], FidView.Usual);

        Assert.Empty(picture.Apart);
        Assert.Equal([4], picture.Nfes);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(8, 8)]
    [InlineData(5, 4)]
    public void Tables_are_at_the_nfe_asked_for_where_there_is_one(int? asked, int shown) =>
        Assert.Equal(shown, FidPicture.Of([Measured.Of(1, 1, 10), Measured.Of(1, 4, 9), Measured.Of(1, 8, 8)], [One], FidView.Usual with { At = asked }).Nfe);

    [Theory]
    [InlineData("extractor fashion-mnist-cnn-2 instead of inception-tf", "extractor")]
    [InlineData("weights of the extractor aaaaaaaaaaaa… instead of bbbbbbbbbbbb…", "weights")]
    [InlineData("reference some images instead of others", "reference")]
    [InlineData("contents of the reference cccccccccccc… instead of dddddddddddd…", "contents")]
    [InlineData("quantisation 8 bit instead of none", "quantisation")]
    [InlineData("noise bank 1 instead of 7", "bank")]
    [InlineData("fingerprint here instead of there", "nothing that is told")]
    public void Difference_names_the_part(string words, string part)
    {
        var here = Measured.Of(1, 4, 10) with { Fingerprint = "here", Extractor = "fashion-mnist-cnn-2", ExtractorSha256 = new string('a', 64), Reference = "some images", ReferenceSha256 = new string('c', 64) };
        var there = (part switch
        {
            "extractor" => here with { Extractor = "inception-tf", ExtractorSha256 = new string('b', 64) },
            "weights" => here with { ExtractorSha256 = new string('b', 64) },
            "reference" => here with { Reference = "others", ReferenceSha256 = new string('d', 64) },
            "contents" => here with { ReferenceSha256 = new string('d', 64) },
            "quantisation" => here with { Quantisation = "none" },
            "bank" => here with { NoiseBank = 7 },
            _ => here,
        }) with { Fingerprint = "there" };

        var protocols = FidLines.Protocols([here, there]);

        Assert.Equal(words, ProtocolDifference.Words(protocols.Single(one => one.Fingerprint == "here"), protocols.Single(one => one.Fingerprint == "there")));
    }

    [Fact]
    public void View_is_read_from_its_address_and_what_is_not_understood_is_as_at_first()
    {
        var view = new FidView(CheckpointChoice.BestPerNfe, "fid.0123", "heun-2", Log: true, At: 8, Teachers: true, Below: 12.5);
        var address = "http://x/compare?runs=1,2&" + string.Join('&', view.ToQuery().Select(pair => $"{pair.Key}={pair.Value}"));

        Assert.Equal(view, FidView.Parse(address));
        Assert.Equal(FidView.Usual, FidView.Parse("http://x/compare?checkpoints=all&scale=cubic&atNfe=-1&teachers=maybe&below=NaN"));
        Assert.All(FidView.Usual.ToQuery(), pair => Assert.Null(pair.Value));
    }
}
