using System.Text.Json;
using OrderSync.AppHost.Local;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests;

/// <summary>The real list of parts, a few of them started as real processes.</summary>
[Collection("processes")]
public sealed class UpTests(PartsThatAreUp parts) : IClassFixture<PartsThatAreUp>
{
    private readonly LocalRun run = parts.Run;

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
        var before = LocalRun.Part(await run.StatusAsync(), "sandbox");
        var (first, restarts) = (before.GetProperty("pid").GetInt32(), before.GetProperty("restarts").GetInt32());
        Processes.Signal(first, Processes.Kill);
        await UntilAsync(part => part.GetProperty("state").GetString() == "healthy" && part.GetProperty("restarts").GetInt32() == restarts + 1);
        Assert.NotEqual(first, LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("pid").GetInt32());
    }

    [Fact]
    [Trait("tier", "ci")]
    public async Task A_frozen_part_is_shown_as_unhealthy_and_recovers()
    {
        const int stop = 19, go = 18;
        var before = LocalRun.Part(await run.StatusAsync(), "sandbox");
        var id = before.GetProperty("pid").GetInt32();
        Processes.Signal(id, stop);
        await UntilAsync(part => part.GetProperty("state").GetString() == "unhealthy");
        Processes.Signal(id, go);
        await UntilAsync(part => part.GetProperty("state").GetString() == "healthy");
        Assert.Equal(id, LocalRun.Part(await run.StatusAsync(), "sandbox").GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Logs_show_what_a_part_said()
    {
        var (code, said) = await run.RunAsync("logs", "sandbox");
        Assert.Equal(0, code);
        Assert.Contains("Now listening on", said, StringComparison.Ordinal);
    }

    private async Task UntilAsync(Func<JsonElement, bool> wanted)
    {
        // The status file is written once a second; it is our clock.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!wanted(LocalRun.Part(await run.StatusAsync(), "sandbox")))
            limit.Token.ThrowIfCancellationRequested();
    }
}
