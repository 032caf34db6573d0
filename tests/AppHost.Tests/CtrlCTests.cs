using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests;

[Collection("processes")]
[Trait("tier", "ci")]
public sealed class CtrlCTests : IAsyncLifetime
{
    private const int Interrupted = 130;

    private readonly LocalRun run = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await run.DisposeAsync();

    [Theory]
    [InlineData("parts as processes")] // while it builds
    [InlineData("✓ build")]            // while the supervisor starts
    [InlineData("✓ redis")]            // while the broker starts
    [InlineData("Ctrl-C stops")]       // while everything runs
    public async Task Ctrl_C_leaves_no_process_and_no_port(string moment)
    {
        using var up = run.Start("up", "redis", "rabbitmq", "sandbox");
        await LocalRun.UntilSaidAsync(up, moment);
        Processes.Signal(up.Id, Processes.Interrupt);
        var said = await LocalRun.UntilEndAsync(up);
        Assert.True(up.ExitCode == Interrupted, $"exit code {up.ExitCode}: {said}");
        run.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Down_ends_an_up_that_is_still_at_work()
    {
        using var up = run.Start("up", "redis", "rabbitmq", "sandbox");
        await LocalRun.UntilSaidAsync(up, "parts as processes");
        Assert.Equal(0, (await run.RunAsync("down")).Code);
        await LocalRun.UntilEndAsync(up);
        run.AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_second_up_beside_one_that_is_at_work_is_told_who_it_is()
    {
        using var up = run.Start("up", "redis", "sandbox");
        await LocalRun.UntilSaidAsync(up, "parts as processes");
        var (code, said) = await run.RunAsync("up");
        Assert.Equal(1, code);
        Assert.Contains($"(process {up.Id})", said, StringComparison.Ordinal);
        Processes.Signal(up.Id, Processes.Interrupt);
        await LocalRun.UntilEndAsync(up);
    }
}
