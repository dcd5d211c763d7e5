using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Trainer.Tests.Pictures;

namespace CatchUp.Trainer.Tests.Evaluations;

public sealed class SampleGridTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public async Task Grids_are_made_when_due_for_every_way_of_sampling()
    {
        var journal = await RunAsync("out", images: 4, bank: 1);

        Assert.Equal(
            [(10, 1, 1), (10, 2, 1), (10, 1, 2), (10, 2, 2), (20, 1, 1), (20, 2, 1), (20, 1, 2), (20, 2, 2), (24, 1, 1), (24, 2, 1), (24, 1, 2), (24, 2, 2)],
            journal.OfType<SamplesSaved>().Select(saved => (saved.Step, saved.Nfe, saved.Head)));
        Assert.All(journal.OfType<SamplesSaved>(), saved =>
        {
            var file = System.IO.Path.Combine(bench.Path("out"), saved.File);
            Assert.Equal(saved.Bytes, new FileInfo(file).Length);
            var png = PngReader.Read(file);
            Assert.Equal((saved.Columns * saved.CellWidth, saved.Rows * saved.CellHeight, 1), (png.Width, png.Height, png.Channels));
            Assert.True(png.Pixels.Distinct().Count() > 10);
        });
    }

    [Fact]
    public async Task A_cell_starts_from_the_same_noise_whatever_the_size_of_the_grid()
    {
        var small = (await RunAsync("small", images: 4, bank: 1)).OfType<SamplesSaved>().Last();
        var large = (await RunAsync("large", images: 9, bank: 1)).OfType<SamplesSaved>().Last();
        var other = (await RunAsync("other", images: 4, bank: 2)).OfType<SamplesSaved>().Last();
        var (smallPng, largePng, otherPng) = (Png("small", small), Png("large", large), Png("other", other));

        Assert.Equal((2, 3), (small.Columns, large.Columns));
        Assert.Equal(smallPng.Cell(0, 1, 28, 28), largePng.Cell(0, 1, 28, 28));
        Assert.Equal(smallPng.Cell(1, 0, 28, 28), largePng.Cell(0, 2, 28, 28));
        Assert.NotEqual(smallPng.Cell(0, 1, 28, 28), otherPng.Cell(0, 1, 28, 28));
    }

    public void Dispose() => bench.Dispose();

    private async Task<IReadOnlyList<JournalEntry>> RunAsync(string name, int images, int bank)
    {
        var specification = Workbench.Tiny with
        {
            Samples = new SampleSpecification { Every = 10, Images = images, NoiseBank = bank },
            Evaluation = Workbench.Tiny.Evaluation with { Heads = [1, 2, 3] },
        };
        var result = await TrainerProcess.RunAsync("train", bench.Write(specification), "--out", bench.Path(name));
        Assert.True(result.ExitCode == 0, result.Errors);
        return TrainerProcess.Journal(bench.Path(name));
    }

    private PngReader Png(string name, SamplesSaved saved) => PngReader.Read(System.IO.Path.Combine(bench.Path(name), saved.File));
}
