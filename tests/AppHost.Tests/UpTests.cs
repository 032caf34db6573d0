using System.Text.Json;
using OrderSync.AppHost.Local;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests;

/// <summary>The real list of parts, a few of them started as real processes.</summary>
[Collection("processes")]
public sealed class UpTests : IAsyncLifetime
{
    private readonly LocalRun run = new();

    public async Task InitializeAsync()
    {
        var (code, said) = await run.RunAsync("up", "redis", "sandbox", "--detach");
        Assert.True(code == 0, said);
    }

    public async Task DisposeAsync() => await run.DisposeAsync();

    [Fact]
    public async Task What_runs_is_announced_in_a_file_only_its_owner_can_read()
    {
        var file = StateFolder.RunningFile(run.Folder);
        var announced = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(announced.GetProperty("urls").GetProperty("sandbox").GetString() + "/health"));
        Assert.True(answer.IsSuccessStatusCode);
        Assert.True(announced.GetProperty("parameters").GetProperty("office-api-key").GetString()!.Length >= 32);
        Assert.True(announced.GetProperty("pid").GetInt32() > 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Up_again_says_so_and_starts_nothing()
    {
        var before = await run.StatusAsync();
        var (code, said) = await run.RunAsync("up");
        Assert.Equal(0, code);
        Assert.StartsWith("Already up since", said, StringComparison.Ordinal);
        Assert.Equal(before.GetProperty("pid").GetInt32(), (await run.StatusAsync()).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_part_that_dies_is_started_again_and_the_restart_is_shown()
    {
        var first = LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("pid").GetInt32();
        Processes.Signal(first, Processes.Kill);
        await UntilAsync(part => part.GetProperty("state").GetString() == "healthy" && part.GetProperty("restarts").GetInt32() == 1);
        Assert.NotEqual(first, LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_frozen_part_is_shown_as_unhealthy_and_recovers()
    {
        const int stop = 19, go = 18;
        var id = LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("pid").GetInt32();
        Processes.Signal(id, stop);
        await UntilAsync(part => part.GetProperty("state").GetString() == "unhealthy");
        Processes.Signal(id, go);
        await UntilAsync(part => part.GetProperty("state").GetString() == "healthy");
        Assert.Equal(0, LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("restarts").GetInt32());
    }

    [Fact]
    public async Task Logs_show_what_a_part_said()
    {
        var (code, said) = await run.RunAsync("logs", "sandbox");
        Assert.Equal(0, code);
        Assert.Contains("Now listening on", said, StringComparison.Ordinal);
    }

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

    private async Task UntilAsync(Func<JsonElement, bool> wanted)
    {
        // The status file is written once a second; it is our clock.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!wanted(LocalRun.Part(await run.StatusAsync(), "sandbox")))
            limit.Token.ThrowIfCancellationRequested();
    }
}
