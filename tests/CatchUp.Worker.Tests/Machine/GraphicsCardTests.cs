using CatchUp.Worker.Machine;

namespace CatchUp.Worker.Tests.Machine;

public sealed class GraphicsCardTests
{
    /// <summary>As nvidia-smi prints it.</summary>
    private const string Text = """
        0, GPU-aaaa1111-2222-3333-4444-555566667777, NVIDIA H200, 143771, 143156
        1, GPU-bbbb1111-2222-3333-4444-555566667777, NVIDIA A100-SXM4-80GB, 81920, 1024
        2, GPU-cccc1111-2222-3333-4444-555566667777, Something old, [N/A], [N/A]
        """;

    [Fact]
    public void Cards_are_read_and_those_that_say_nothing_passed_over()
    {
        var cards = GraphicsCard.Parse(Text + "\nFailed to initialize NVML: Driver/library version mismatch\n");

        Assert.Equal([(0, "NVIDIA H200", 143771L << 20, 143156L << 20), (1, "NVIDIA A100-SXM4-80GB", 81920L << 20, 1024L << 20)], cards.Select(card => (card.Index, card.Name, card.TotalBytes, card.FreeBytes)));
    }

    [Theory]
    [InlineData("cuda:1", null, 1)]
    [InlineData("cuda:0", "1", 1)]
    [InlineData("cuda:1", "1, 0", 0)]
    [InlineData("cuda:0", "GPU-bbbb", 1)]
    [InlineData("cuda:1", "1", null)]
    [InlineData("cuda:7", null, null)]
    [InlineData("cpu", null, null)]
    public void A_device_is_the_card_that_a_program_sees_under_its_number(string device, string? visible, int? expected) =>
        Assert.Equal(expected, GraphicsCard.Find(GraphicsCard.Parse(Text), device, visible)?.Index);
}
