using System.Net;
using System.Net.Sockets;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Printing;

/// <summary>What the browser does with a page that slipped past all checks.</summary>
public sealed class InertTests(PrinterFixture paper) : IClassFixture<PrinterFixture>
{
    [Fact]
    [InCi]
    public async Task A_hostile_page_runs_nothing_calls_nobody_and_reads_no_file()
    {
        var secret = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(secret, "TOPSECRET");
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        try
        {
            var spy = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
            var called = listener.AcceptTcpClientAsync();

            var text = await PdfText.OfAsync(await paper.Printer.PrintAsync($"""
                <html><head><link rel="stylesheet" href="{spy}/a.css"><style>@import url({spy}/b.css); p {"{"} background: url({spy}/c.png) {"}"}</style></head>
                <body><p id="p">quiet</p><script>document.getElementById('p').textContent = 'LOUD'; fetch('{spy}/d')</script>
                <img src="{spy}/e.png" onerror="document.body.textContent='LOUD'"><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>
                <iframe src="{spy}/f"></iframe></body></html>
                """, DateTimeOffset.UnixEpoch, default));

            Assert.Contains("quiet", text);
            Assert.DoesNotContain("LOUD", text);
            Assert.DoesNotContain("TOPSECRET", text);
            Assert.False(called.IsCompleted, "somebody was called");
        }
        finally
        {
            listener.Stop();
            File.Delete(secret);
        }
    }
}
