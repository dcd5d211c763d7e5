using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace CatchUp.Dashboard.Access;

/// <summary>The keys that sign sessions. Nobody but this program's user may read them.</summary>
internal static class KeyFolder
{
    public static DirectoryInfo Make(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Makes the first key, one server at a time: two that start together would each sign with a key the other does not know yet.</summary>
    public static async Task EnsureKeyAsync(string path, IKeyManager keys, TimeProvider time, CancellationToken cancellation)
    {
        using (await LockAsync(Path.Combine(path, "lock"), cancellation))
        {
            if (keys.GetAllKeys().Count == 0)
            {
                var now = time.GetUtcNow();
                keys.CreateNewKey(now, now + TimeSpan.FromDays(90));
            }
        }
    }

    private static async Task<FileStream> LockAsync(string file, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }
}
