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
    public static Process Start(params string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        return Process.Start(new ProcessStartInfo(dotnet, ["exec", typeof(CapturingApp).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    public static int Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["capture", var file] => Capture(file),
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
