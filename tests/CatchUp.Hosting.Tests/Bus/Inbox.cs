using System.Threading.Channels;
using MassTransit;

namespace CatchUp.Hosting.Tests.Bus;

/// <summary>Keeps what its consumer was given.</summary>
public sealed class Inbox<T>
    where T : class
{
    private readonly Channel<(T Message, string Queue)> messages = Channel.CreateUnbounded<(T, string)>();

    public async Task<T> NextAsync() => (await NextWithQueueAsync()).Message;

    public async Task<(T Message, string Queue)> NextWithQueueAsync() => await messages.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public sealed class KeepConsumer(Inbox<T> inbox) : IConsumer<T>
    {
        public async Task Consume(ConsumeContext<T> context) => await inbox.messages.Writer.WriteAsync((context.Message, context.ReceiveContext.InputAddress.AbsolutePath));
    }
}
