using OrderSync.AppHost.Local;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests;

[Collection("processes")]
public sealed class DownTests : IAsyncLifetime
{
    private readonly LocalRun run = new();

    public async Task InitializeAsync()
    {
        var (code, said) = await run.RunAsync("up", "redis", "sandbox", "--detach");
        Assert.True(code == 0, said);
    }

    public async Task DisposeAsync() => await run.DisposeAsync();

    [Fact]
    public async Task Down_leaves_nothing_and_a_second_down_says_so()
    {
        Assert.Equal(0, (await run.RunAsync("down")).Code);
        run.AssertNothingIsLeft();
        Assert.False(File.Exists(StateFolder.RunningFile(run.Folder)));
        Assert.Contains("Nothing was running", (await run.RunAsync("down")).Said, StringComparison.Ordinal);
        Assert.Equal(3, (await run.RunAsync("status")).Code);
    }

    [Fact]
    public async Task Down_cleans_up_even_when_the_supervisor_was_killed()
    {
        Processes.Signal((await run.StatusAsync()).GetProperty("pid").GetInt32(), Processes.Kill);
        Assert.Equal(0, (await run.RunAsync("down")).Code);
        run.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Up_cleans_up_after_a_killed_supervisor_and_keeps_the_addresses()
    {
        var before = await File.ReadAllTextAsync(Path.Combine(run.Folder, "ports.json"));
        Processes.Signal((await run.StatusAsync()).GetProperty("pid").GetInt32(), Processes.Kill);
        var (code, said) = await run.RunAsync("up", "redis", "sandbox", "--detach");
        Assert.True(code == 0, said);
        Assert.Contains("of a run that was cut off", said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(run.Folder, "ports.json")));
    }
}
