using CatchUp.Dashboard.Startup;

return await CommandLine.RunAsync(args, async options =>
{
    if (options.MigrateFrom is not null)
    {
        await DatabaseMove.RunAsync(options, Console.Out);
        return;
    }

    if (options.NewToken is not null)
    {
        await TokenIssue.RunAsync(options, Console.Out);
        return;
    }

    await using var dashboard = await DashboardHost.StartAsync(options);
    await dashboard.AnnounceAsync(Console.Out);
    await dashboard.UntilStoppedAsync();
});
