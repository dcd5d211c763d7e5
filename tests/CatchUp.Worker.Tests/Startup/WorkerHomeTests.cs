using CatchUp.Worker.Startup;

namespace CatchUp.Worker.Tests.Startup;

public sealed class WorkerHomeTests
{
    [Fact]
    public void A_folder_is_one_workers_at_a_time()
    {
        using var folder = new TestFolder();
        var path = folder.Of("home");
        using (WorkerHome.Hold(path))
        {
            var problem = Assert.Throws<IOException>(() => WorkerHome.Hold(path));
            Assert.Contains($"Another worker uses the folder {path}.", problem.Message, StringComparison.Ordinal);
        }

        WorkerHome.Hold(path).Dispose();
    }
}
