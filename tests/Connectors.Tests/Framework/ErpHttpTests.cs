using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Framework;
using OrderSync.ServiceDefaults;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class ErpHttpTests : IAsyncLifetime
{
    private readonly WebApplication erp;
    private IHost? us;
    private int asked;

    public ErpHttpTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        erp = builder.Build();
        erp.Run(async http =>
        {
            Interlocked.Increment(ref asked);
            var wanted = http.Request.Path.Value!.TrimStart('/');
            if (wanted == "reset")
                http.Abort();
            else if (wanted == "half")
            {
                http.Response.ContentLength = 100;
                await http.Response.WriteAsync("half");
                await http.Response.Body.FlushAsync();
                http.Abort();
            }
            else
            {
                http.Response.StatusCode = int.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture);
                if (wanted is "429" or "503")
                    http.Response.Headers.RetryAfter = "42";
                await http.Response.WriteAsync("said");
            }
        });
    }

    [Theory]
    [InlineData("GET", "200", 200)]
    [InlineData("POST", "201", 201)]
    [InlineData("POST", "400", 400)]
    [InlineData("POST", "401", 401)]
    [InlineData("PUT", "404", 404)]
    public async Task An_answer_is_the_clients_to_read(string method, string path, int status)
    {
        var answer = await AskAsync(method, path);

        Assert.Equal((status, "said"), ((int)answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("POST", "500")]
    [InlineData("PUT", "503")]
    [InlineData("DELETE", "408")]
    [InlineData("POST", "reset")]
    [InlineData("POST", "half")]
    public async Task A_write_without_a_sure_answer_is_ambiguous(string method, string path) =>
        Assert.IsType<Outcome.Ambiguous>(await OutcomeAsync(method, path));

    [Theory]
    [InlineData("GET", "500")]
    [InlineData("GET", "reset")]
    [InlineData("HEAD", "503")]
    [InlineData("GET", "half")]
    public async Task A_question_without_an_answer_is_asked_later(string method, string path) =>
        Assert.IsType<Outcome.Later>(await OutcomeAsync(method, path));

    [Theory]
    [InlineData("500")]
    [InlineData("reset")]
    public async Task What_only_reads_is_asked_later_and_again_though_it_is_a_POST(string path)
    {
        using var http = Client();

        var said = await Assert.ThrowsAsync<OutcomeException>(() => http.AskAsync("The ERP", new HttpRequestMessage(HttpMethod.Post, $"{erp.Urls.First()}/{path}").Reading(), default));

        Assert.IsType<Outcome.Later>(said.Outcome);
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Too_many_requests_rest_the_account_as_long_as_asked(string method)
    {
        var later = Assert.IsType<Outcome.Later>(await OutcomeAsync(method, "429"));

        Assert.Equal((TimeSpan.FromSeconds(42), true), (later.After, later.WholeAccount));
    }

    [Fact]
    public async Task A_write_that_never_left_is_not_ambiguous()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        using var http = Client();

        var refused = await Assert.ThrowsAsync<OutcomeException>(() => http.AskAsync("The ERP", new(HttpMethod.Post, $"http://127.0.0.1:{port}/"), default));
        var unknown = await Assert.ThrowsAsync<OutcomeException>(() => http.AskAsync("The ERP", new(HttpMethod.Post, "http://no-such-host.invalid/"), default));

        Assert.IsType<Outcome.Later>(refused.Outcome);
        Assert.IsType<Outcome.Later>(unknown.Outcome);
    }

    public async Task InitializeAsync()
    {
        await erp.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddServiceDefaults();
        us = builder.Build();
    }

    public async Task DisposeAsync()
    {
        await erp.DisposeAsync();
        us?.Dispose();
    }

    private async Task<Outcome> OutcomeAsync(string method, string path) => (await Assert.ThrowsAsync<OutcomeException>(() => AskAsync(method, path))).Outcome;

    private async Task<ErpAnswer> AskAsync(string method, string path)
    {
        using var http = Client();
        return await http.AskAsync("The ERP", new(new HttpMethod(method), $"{erp.Urls.First()}/{path}"), default);
    }

    private HttpClient Client() => us!.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
