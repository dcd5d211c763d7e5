using System.Globalization;
using CatchUp.Flow.Training;
using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>Noise z₁ with the images that a model made of it, on the CPU, whatever their number.</summary>
public sealed class PairSet : IDisposable
{
    private const string NoiseName = "noise", ImagesName = "images", LabelsName = "labels", MadeByKey = "made_by", KindKey = "kind", Kind = "pairs", CountKey = "pairs";

    /// <summary>Takes the tensors over.</summary>
    /// <param name="noise">[pairs, channels, height, width].</param>
    /// <param name="images">[pairs, stages · channels, height, width].</param>
    /// <param name="labels">The classes the images were made for, [pairs] int64; null without classes.</param>
    internal PairSet(Tensor noise, Tensor images, Tensor? labels)
    {
        (Noise, Images, Labels) = (noise.DetachFromDisposeScope(), images.DetachFromDisposeScope(), labels?.DetachFromDisposeScope());
        Count = (int)noise.shape[0];
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; }

    /// <summary>Room that noise and images take.</summary>
    public long Bytes => (Noise.numel() + Images.numel()) * sizeof(float);

    /// <summary>z₁, [pairs, channels, height, width].</summary>
    public Tensor Noise { get; }

    /// <summary>The images of each noise, those of several stages one after the other along the channels: [pairs, stages · channels, height, width].</summary>
    public Tensor Images { get; }

    /// <summary>The classes the images were made for, [pairs] int64; null without classes.</summary>
    public Tensor? Labels { get; }

    /// <summary>Reads pairs that were saved before; null when there are none, they are damaged, or they were made otherwise.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="madeBy">Names what decided the pairs.</param>
    public static PairSet? TryLoad(string path, string madeBy)
    {
        try
        {
            var file = WeightFile.Find(path);
            if (file.Metadata.GetValueOrDefault(KindKey) != Kind || file.Metadata.GetValueOrDefault(MadeByKey) != madeBy)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var tensors = WeightFile.Load(path, file.Sha256, out _);
            return new PairSet(tensors[NoiseName], tensors[ImagesName], tensors.GetValueOrDefault(LabelsName));
        }
        catch (WeightFileRefusedException)
        {
            return null;
        }
    }

    /// <summary>Saves the pairs, to be read by <see cref="TryLoad"/>.</summary>
    public void Save(string path, string madeBy)
    {
        var tensors = new Dictionary<string, Tensor> { [NoiseName] = Noise, [ImagesName] = Images };
        if (Labels is not null)
        {
            tensors.Add(LabelsName, Labels);
        }

        WeightFile.Save(path, tensors, new Dictionary<string, string> { [KindKey] = Kind, [MadeByKey] = madeBy, [CountKey] = Count.ToString(CultureInfo.InvariantCulture) });
    }

    public void Dispose()
    {
        Noise.Dispose();
        Images.Dispose();
        Labels?.Dispose();
    }
}
