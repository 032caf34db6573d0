using System.Globalization;

namespace OrderSync.Device.Tests;

/// <summary>An app that captures without pause until it is killed, and says of each record that it is safe.</summary>
public static class CapturingApp
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    public static int Main(string[] arguments)
    {
        if (arguments is not ["capture", var file])
            return 2;
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
