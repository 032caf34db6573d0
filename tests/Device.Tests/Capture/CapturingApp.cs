using System.Diagnostics;
using System.Globalization;

namespace OrderSync.Device.Tests;

/// <summary>An app that does something without pause until it is killed: captures, and says of each record that it is safe; or downloads.</summary>
public static class CapturingApp
{
    public static readonly Uri Nowhere = new("http://127.0.0.1:9");

    /// <summary>Starts the app in a process of its own.</summary>
    public static Process Start(string file) => Start("capture", file);

    /// <summary>Starts one that does this.</summary>
    public static Process Start(params string[] arguments) => StartWith(null, arguments);

    /// <summary>Starts one that has so many bytes for all it keeps in memory, and dies when it needs more.</summary>
    public static Process StartWith(long? mostBytes, params string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        var start = new ProcessStartInfo(dotnet, ["exec", typeof(CapturingApp).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (mostBytes is { } most)
            (start.Environment["DOTNET_GCHeapHardLimit"], start.Environment["DOTNET_gcServer"]) = (most.ToString("X", CultureInfo.InvariantCulture), "0");
        return Process.Start(start)!;
    }

    public static int Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["capture", var file] => Capture(file),
                ["drain", var file, var address] => Drain(file, new Uri(address)),
                ["download", var file, var address] => Download(file, new Uri(address)),
                _ => 2,
            };
        }
        catch (DeviceTrouble trouble)
        {
            Console.Error.WriteLine(trouble.Code);
            return 3;
        }
    }

    private static int Download(string file, Uri address)
    {
        using var device = SyncDevice.Open(file, new DeviceOptions { Gateway = address });
        return device.SyncNowAsync().GetAwaiter().GetResult().Trouble is { } ? 4 : 0;
    }

    // Exports what waits, sends it, and says how much memory that took at most.
    private static int Drain(string file, Uri address)
    {
        using var device = SyncDevice.Open(file, new DeviceOptions { Gateway = address, Downloads = false });
        using (var bundle = File.Create($"{file}.osb"))
            device.Outbox.Export(bundle);
        using var over = new CancellationTokenSource();
        device.StateChanged += strip =>
        {
            if (strip is { ToSend: 0, Activity: SyncActivity.Idle })
                over.Cancel();
        };
        try
        {
            device.RunAsync(over.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes / 1024 / 1024} {Environment.WorkingSet / 1024 / 1024}"));
        }

        return device.State.ToSend;
    }

    private static int Capture(string file)
    {
        using var device = SyncDevice.Open(file, new DeviceOptions { Gateway = Nowhere });
        var confirmed = Console.OpenStandardOutput();
        while (true)
        {
            var captured = device.Capture(new NewCustomer("Ana's Bikes") { Notes = new string('x', 500) });
            confirmed.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{captured.Seq} {captured.Id}\n")));
            confirmed.Flush();
        }
    }
}
