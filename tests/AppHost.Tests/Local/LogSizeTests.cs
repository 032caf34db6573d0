using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests.Local;

public sealed class LogSizeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("logs").FullName;

    [Fact]
    public void A_log_that_grew_too_long_is_set_aside_and_its_process_goes_on_writing()
    {
        var log = Path.Combine(folder, "part.log");
        using var process = new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        process.Write("0123456789");
        LogSize.Keep(log, limit: 5);
        Assert.Equal("0123456789", File.ReadAllText(log + ".1"));
        Assert.Equal(0, new FileInfo(log).Length);
    }

    [Fact]
    public void A_short_log_is_left_alone()
    {
        var log = Path.Combine(folder, "part.log");
        File.WriteAllText(log, "0123456789");
        LogSize.Keep(log, limit: 10);
        Assert.Equal("0123456789", File.ReadAllText(log));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
