using CatchUp.Flow.Evaluation;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Evaluation;

public sealed class InceptionScoreTests
{
    [Fact]
    public void Certain_images_of_every_class_score_the_number_of_classes_and_alike_ones_score_one()
    {
        using var scope = NewDisposeScope();
        using var certain = new InceptionScore(5);
        using var alike = new InceptionScore(5);

        certain.Add(eye(5));
        alike.Add(full([7, 5], 0.2, dtype: ScalarType.Float32));

        Assert.Equal(5, certain.Value(), 1e-9);
        Assert.Equal(1, alike.Value(), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Batches_of_any_size_give_the_score_of_the_whole(int batch)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var p = (randn(100, 4, dtype: ScalarType.Float64) * 2).softmax(1);
        using var score = new InceptionScore(4);

        foreach (var part in p.split(batch))
        {
            score.Add(part);
        }

        var expected = (p * (p.log() - p.mean([0]).log())).sum(1).mean().exp().item<double>();
        Assert.Equal(expected, score.Value(), 1e-9);
        Assert.Equal(100, score.Count);
        Assert.True(expected > 1.5);
    }

    [Fact]
    public void Wrong_shapes_and_no_images_are_refused()
    {
        using var scope = NewDisposeScope();
        using var score = new InceptionScore(3);

        Assert.Throws<ArgumentException>(() => score.Add(zeros(2, 4)));
        Assert.Throws<InvalidOperationException>(() => score.Value());
    }
}
