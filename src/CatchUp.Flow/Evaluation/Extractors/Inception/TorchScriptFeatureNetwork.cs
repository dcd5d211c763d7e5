using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors.Inception;

/// <summary>
/// inception-tf: the published TorchScript file of the network of 2015-12-05, with which EDM, StyleGAN and the paper measured. It is called
/// as forward(images from 0 to 255, return_features), and resizes as TensorFlow 1 did (no half-pixel centres), to (b − 128) / 128, itself.
/// </summary>
internal sealed class TorchScriptFeatureNetwork : FeatureNetwork
{
    private readonly jit.ScriptModule script;

    /// <param name="file">A TorchScript file. It is a program: take it only from where it can be trusted, by its hash.</param>
    /// <exception cref="InvalidDataException">It is no TorchScript file, or answers in other shapes.</exception>
    public TorchScriptFeatureNetwork(string file, Device device)
    {
        try
        {
            script = jit.load(file, device.type, device.index);
            script.eval();
        }
        catch (Exception error) when (error is ExternalException or FileNotFoundException)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)} is no TorchScript file: {FirstLine(error)}", error);
        }

        try
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            var image = zeros(1, 3, 8, 8, device: device);
            Expect(Features(image), FeatureCount);
            Expect(Probabilities(image, image), ClassCount);
        }
        catch (ExternalException error)
        {
            script.Dispose();
            throw new InvalidDataException($"{Path.GetFileName(file)} cannot be called as forward(images, return_features): {FirstLine(error)}", error);
        }
        catch (InvalidDataException)
        {
            script.Dispose();
            throw;
        }

        void Expect(Tensor answer, long width)
        {
            if (!answer.shape.SequenceEqual([1, width]))
            {
                throw new InvalidDataException($"{Path.GetFileName(file)} answers [{string.Join(", ", answer.shape)}] where [1, {width}] is expected");
            }
        }
    }

    public override int FeatureCount => InceptionNetwork.FeatureCount;

    public override int ClassCount => InceptionNetwork.ClassCount;

    public override int BatchSize => 50;

    public override Tensor Features(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Call(pixels, true).MoveToOuterDisposeScope();
    }

    public override Tensor Probabilities(Tensor pixels, Tensor features)
    {
        using var scope = NewDisposeScope();
        return Call(pixels, false).MoveToOuterDisposeScope();
    }

    public override void Dispose() => script.Dispose();

    private Tensor Call(Tensor pixels, bool returnFeatures) => (Tensor)script.call(InColour(pixels).contiguous(), returnFeatures);

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].Trim();
}
