using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Training;

/// <summary>
/// Tensors in a safetensors file with a JSON sidecar that holds its hash. It is there whole or not at all: written to a temporary
/// name, flushed to the disk, renamed, the sidecar last.
/// </summary>
/// <param name="Path">The safetensors file.</param>
/// <param name="Sha256">Hash of its bytes, lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Metadata">What was recorded with the tensors; also in the safetensors header, so that the file can travel alone.</param>
public sealed record WeightFile(string Path, string Sha256, long Bytes, IReadOnlyDictionary<string, string> Metadata)
{
    private static readonly JsonSerializerOptions SidecarFormat = new() { WriteIndented = true };

    private string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The sidecar's path of a safetensors file.</summary>
    public static string SidecarPath(string path) => System.IO.Path.ChangeExtension(path, ".json");

    public static WeightFile Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var temporary = path + ".tmp";
        try
        {
            using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            SafeTensors.Save(file, tensors, metadata);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // On a full disk this makes room for the journal's last words.
            File.Delete(temporary);
            throw;
        }

        var written = new WeightFile(path, HashOf(temporary), new FileInfo(temporary).Length, metadata);
        File.Move(temporary, path, overwrite: true);
        written.SaveSidecar();
        return written;
    }

    /// <summary>Finds a file by its sidecar; nothing is checked yet.</summary>
    /// <exception cref="WeightFileRefusedException">The sidecar is missing or damaged.</exception>
    public static WeightFile Find(string path)
    {
        try
        {
            var sidecar = JsonSerializer.Deserialize<Sidecar>(File.ReadAllBytes(SidecarPath(path)))!;
            return new WeightFile(path, sidecar.Sha256, sidecar.Bytes, sidecar.Metadata);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new WeightFileRefusedException($"{path} is refused: its sidecar {SidecarPath(path)} cannot be read ({error.Message}), so nothing vouches for it.", error);
        }
    }

    /// <summary>Reads a file whose hash is known from elsewhere.</summary>
    /// <exception cref="WeightFileRefusedException">The file is missing, torn or was changed.</exception>
    public static Dictionary<string, Tensor> Load(string path, string sha256, out IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            var found = HashOf(path);
            if (!string.Equals(found, sha256, StringComparison.OrdinalIgnoreCase))
            {
                throw new WeightFileRefusedException($"{path} is refused: its SHA-256 is {found}, expected {sha256}. It is torn or was changed after it was written.");
            }

            metadata = SafeTensors.LoadMetadata(path);
            return SafeTensors.Load(path);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new WeightFileRefusedException($"{path} is refused: {error.Message}", error);
        }
    }

    /// <summary>Removes the file and its sidecar; the sidecar first, so that no half of it passes for whole.</summary>
    public void Delete()
    {
        File.Delete(SidecarPath(Path));
        File.Delete(Path);
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private void SaveSidecar()
    {
        var target = SidecarPath(Path);
        using (var file = new FileStream(target + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, new Sidecar(Name, Sha256, Bytes, Metadata), SidecarFormat);
            file.Flush(flushToDisk: true);
        }

        File.Move(target + ".tmp", target, overwrite: true);
    }

    private sealed record Sidecar(string File, string Sha256, long Bytes, IReadOnlyDictionary<string, string> Metadata);
}
