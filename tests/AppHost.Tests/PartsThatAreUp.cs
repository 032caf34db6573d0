namespace OrderSync.AppHost.Tests;

/// <summary>Two cheap parts of the real list, started once for all tests that leave them running.</summary>
public sealed class PartsThatAreUp : IAsyncLifetime
{
    internal LocalRun Run { get; } = new();

    public async Task InitializeAsync()
    {
        var (code, said) = await Run.RunAsync("up", "redis", "sandbox", "--detach");
        Assert.True(code == 0, said);
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();
}
