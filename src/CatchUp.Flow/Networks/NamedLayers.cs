using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>A part of a network whose layers have the names of published weights, which no C# field can have.</summary>
internal sealed class NamedLayers(string name) : nn.Module(name)
{
    public T Add<T>(string name, T layer)
        where T : nn.Module
    {
        register_module(name, layer);
        return layer;
    }
}
