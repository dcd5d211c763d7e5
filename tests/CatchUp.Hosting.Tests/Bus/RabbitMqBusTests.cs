using System.Collections.Concurrent;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Hosting.Bus;
using CatchUp.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CatchUp.Hosting.Tests.Bus;

/// <summary>The bus on a real broker, as the team set-up has it.</summary>
[Trait("Speed", "Slow")]
public sealed class RabbitMqBusTests : IAsyncLifetime
{
    private RabbitMqServer _broker = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await RabbitMqServer.StartNewAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_command_stored_while_nobody_listens_survives_kill_9_of_the_broker()
    {
        // Makes the queue, and leaves.
        await using (await ConsumerAsync())
        {
        }

        await using (var sender = await StartAsync(_ => { }))
        {
            await sender.Bus.Publish(new RequestRun { Worker = "survivor" }, Cancellation);
        }

        await _broker.KillAsync();
        await _broker.StartAsync(Cancellation);

        await using var receiver = await ConsumerAsync();
        Assert.Equal("survivor", (await receiver.Services.GetRequiredService<Inbox<RequestRun>>().NextAsync()).Worker);
    }

    [Fact]
    public async Task Commands_are_shared_between_processes_and_news_reaches_each()
    {
        await using var first = await ConsumerAsync();
        await using var second = await ConsumerAsync();

        for (var i = 0; i < 20; i++)
        {
            await first.Bus.Publish(new RequestRun { Worker = $"{i}" }, Cancellation);
        }

        await first.Bus.Publish(new RunChanged { RunId = 5 }, Cancellation);
        Assert.Equal(5, (await first.Services.GetRequiredService<Inbox<RunChanged>>().NextAsync()).RunId);
        Assert.Equal(5, (await second.Services.GetRequiredService<Inbox<RunChanged>>().NextAsync()).RunId);

        // Each command once, wherever it went: readers of both take turns until all twenty are there.
        var seen = new ConcurrentBag<string>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Task.WhenAll(new[] { first, second }.Select(async bus =>
        {
            var inbox = bus.Services.GetRequiredService<Inbox<RequestRun>>();
            try
            {
                while (true)
                {
                    seen.Add((await inbox.NextAsync().WaitAsync(enough.Token)).Worker);
                    if (seen.Count >= 20)
                    {
                        await enough.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                // All are there.
            }
        }));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_is_answered_also_after_the_broker_was_killed()
    {
        await using var server = await StartAsync(bus => bus.AddConsumer<Answering>());
        await using var client = await StartAsync(_ => { });
        Assert.Equal("NothingToDo", await AskAsync(client));

        await _broker.KillAsync();
        await _broker.StartAsync(Cancellation);

        Assert.Equal("NothingToDo", await AskUntilAnsweredAsync(client));
    }

    [Fact]
    public async Task Question_while_the_broker_is_away_ends_without_it()
    {
        await using var consumer = await StartAsync(bus => bus.AddConsumer<Answering>());
        await using var client = await StartAsync(_ => { });
        await _broker.KillAsync();

        // A question fails at once or waits for the broker; neither may last.
        var problem = await Record.ExceptionAsync(() => client.Bus.AskAsync<RequestRun, NothingToDo>(new RequestRun { Worker = "w" }, TimeSpan.FromSeconds(2), Cancellation));

        // The bus stops only with its broker there.
        await _broker.StartAsync(Cancellation);
        Assert.True(problem is TimeoutException or RequestException, problem?.ToString());
        Assert.Equal("NothingToDo", await AskUntilAnsweredAsync(client));
    }

    [Fact]
    public async Task Waiting_for_a_broker_that_is_down_says_so_and_ends_when_it_is_up()
    {
        await _broker.KillAsync();
        var log = new Words();

        var waiting = BrokerWait.UntilReachableAsync(Options, log, Cancellation);
        while (log.IsEmpty)
        {
            await Task.Delay(20, Cancellation);
        }

        Assert.False(waiting.IsCompleted);
        await _broker.StartAsync(Cancellation);
        await waiting;
        Assert.Contains($"Waiting for RabbitMQ at 127.0.0.1:{_broker.Port}", log.First(), StringComparison.Ordinal);
        Assert.DoesNotContain(_broker.Password, string.Join('\n', log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_tried_again()
    {
        var refused = await Assert.ThrowsAsync<BrokerRefusedException>(() => BrokerWait.UntilReachableAsync(Options with { Password = "wrong" }, new Words(), Cancellation));

        Assert.Contains("RABBITMQ_PASSWORD", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.Message, StringComparison.Ordinal);
    }

    private BusOptions Options => new() { Transport = BusTransport.RabbitMq, Json = ContractJson.Options, Broker = _broker.Address, User = _broker.User, Password = _broker.Password };

    private Task<RunningBus> StartAsync(Action<IBusRegistrationConfigurator> register) => RunningBus.StartAsync(register, options: Options);

    private Task<RunningBus> ConsumerAsync() => RunningBus.StartAsync(
        bus =>
        {
            bus.AddConsumer<Inbox<RequestRun>.KeepConsumer>().Endpoint(endpoint => endpoint.Name = "commands");
            bus.AddNewsConsumer<Inbox<RunChanged>.KeepConsumer>();
        },
        services => services.AddSingleton<Inbox<RunChanged>>().AddSingleton<Inbox<RequestRun>>(),
        Options);

    private static async Task<string> AskAsync(RunningBus client)
    {
        using var scope = client.Services.CreateScope();
        var answer = await client.Bus.AskAsync<RequestRun, NothingToDo>(new RequestRun { Worker = "w" }, TimeSpan.FromSeconds(5), Cancellation);
        return answer.Message.GetType().Name;
    }

    private static async Task<string> AskUntilAnsweredAsync(RunningBus client)
    {
        while (true)
        {
            try
            {
                return await AskAsync(client);
            }
            catch (Exception problem) when (problem is TimeoutException or RequestException && !Cancellation.IsCancellationRequested)
            {
                // As a worker does: the bus finds its way back by itself.
                await Task.Delay(200, Cancellation);
            }
        }
    }

    public sealed class Answering : IConsumer<RequestRun>
    {
        public Task Consume(ConsumeContext<RequestRun> context) => context.RespondAsync(new NothingToDo());
    }

    private sealed class Words : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Enqueue(formatter(state, exception));
    }
}
