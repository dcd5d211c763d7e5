using static TorchSharp.torch;

namespace CatchUp.Flow.Tests;

/// <summary>Convolutions are right here, also where a virtual machine hides its processor's caches.</summary>
public sealed class ConvolutionKernelsTests
{
    // "AuthenticAMD" and "GenuineIntel" as CPUID's EBX, ECX and EDX hold them.
    private static readonly (int, int, int, int) Amd = (16, 0x68747541, 0x444d4163, 0x69746e65);
    private static readonly (int, int, int, int) Intel = (16, 0x756e6547, 0x6c65746e, 0x49656e69);

    [Fact]
    public void Caches_of_an_AMD_processor_are_hidden_where_the_first_has_no_kind() =>
        Assert.True(ConvolutionKernels.CachesAreHidden((leaf, _) => leaf == 0 ? Amd : (0, 0, 0, 0)));

    [Fact]
    public void Caches_of_an_AMD_processor_that_tells_them_are_not_hidden() =>
        Assert.False(ConvolutionKernels.CachesAreHidden((leaf, _) => leaf == 0 ? Amd : (0x4121, 0x02c0003f, 0x3f, 0)));

    [Fact]
    public void Another_makers_processor_is_asked_in_another_way_and_never_limited() =>
        Assert.False(ConvolutionKernels.CachesAreHidden((leaf, _) => leaf == 0 ? Intel : (0, 0, 0, 0)));

    [Fact]
    public void Convolution_and_its_gradients_are_those_of_matrix_products()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var images = randn(8, 32, 14, 14).requires_grad_();
        using var weights = randn(64, 32, 3, 3).requires_grad_();

        var computed = nn.functional.conv2d(images, weights, padding: [1, 1]);
        var gradients = autograd.grad([computed.square().sum()], [images, weights]);

        var columns = nn.functional.unfold(images, 3, padding: 1);
        var expected = weights.reshape(64, -1).matmul(columns).reshape(8, 64, 14, 14);
        var expectedGradients = autograd.grad([expected.square().sum()], [images, weights]);

        AssertClose(expected, computed);
        AssertClose(expectedGradients[0], gradients[0]);
        AssertClose(expectedGradients[1], gradients[1]);
    }

    private static void AssertClose(Tensor expected, Tensor computed) =>
        Assert.True((expected - computed).abs().max().item<float>() <= 1e-5f * expected.abs().max().item<float>());
}
