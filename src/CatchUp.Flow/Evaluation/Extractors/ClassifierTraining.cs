using CatchUp.Flow.Datasets;
using CatchUp.Flow.Noise;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>Trains the classifier behind <c>fashion-mnist-cnn-2</c>: AdamW with one learning-rate cycle (linear up, cosine down) on images mirrored at random.</summary>
public static class ClassifierTraining
{
    private const int BatchSize = 128, Seed = 1;
    private const double PeakLearningRate = 3e-3, WarmupShare = 0.2;

    /// <param name="training">Images with labels to learn from.</param>
    /// <param name="epochs">Passes over them.</param>
    /// <param name="progress">Called now and then with (step, steps, loss).</param>
    public static FashionClassifier Train(ImageDataset training, int epochs, Action<int, int, double> progress)
    {
        manual_seed(Seed);
        var classifier = new FashionClassifier();
        using var optimizer = optim.AdamW(classifier.parameters(), PeakLearningRate, weight_decay: 0.02);
        using var loss = nn.CrossEntropyLoss();
        var order = new DataOrder(Seed, training.Count);
        var steps = epochs * training.Count / BatchSize;
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            SetLearningRate(optimizer, (double)step / steps);
            var indices = order.Next((long)step * BatchSize, BatchSize);
            var images = Mirror(training.Images(indices), new PhiloxSequence(Seed, RandomPurpose.Step, (ulong)step));
            var labels = training.LabelsOf(indices);
            optimizer.zero_grad();
            var value = loss.forward(classifier.forward(images), labels);
            value.backward();
            optimizer.step();
            if (step % 50 == 49 || step == steps - 1)
            {
                progress(step + 1, steps, value.item<float>());
            }
        }

        classifier.eval();
        return classifier;
    }

    /// <summary>Share of images classified right.</summary>
    public static double Accuracy(FashionClassifier classifier, ImageDataset images)
    {
        using var noGradient = no_grad();
        var right = 0L;
        for (var first = 0; first < images.Count; first += 500)
        {
            using var scope = NewDisposeScope();
            var indices = Enumerable.Range(first, Math.Min(500, images.Count - first)).Select(i => (long)i).ToArray();
            var guesses = classifier.forward(images.Images(indices)).argmax(1);
            var labels = images.LabelsOf(indices);
            right += guesses.eq(labels).sum().item<long>();
        }

        return (double)right / images.Count;
    }

    private static void SetLearningRate(optim.Optimizer optimizer, double progress)
    {
        var factor = progress < WarmupShare
            ? 0.05 + 0.95 * progress / WarmupShare
            : 0.5 * (1 + Math.Cos(Math.PI * (progress - WarmupShare) / (1 - WarmupShare)));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = PeakLearningRate * factor;
        }
    }

    /// <summary>Mirrors every image with probability one half.</summary>
    private static Tensor Mirror(Tensor images, PhiloxSequence random)
    {
        var chosen = tensor(Enumerable.Range(0, (int)images.shape[0]).Select(_ => random.NextInt(2) == 1).ToArray());
        return where(chosen.view(-1, 1, 1, 1), images.flip(3), images);
    }
}
