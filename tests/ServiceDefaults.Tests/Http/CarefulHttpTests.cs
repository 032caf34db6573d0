using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.ServiceDefaults.Http;

namespace OrderSync.ServiceDefaults.Tests.Http;

public sealed class CarefulHttpTests
{
    [Theory]
    [InlineData("GET", 3)]
    [InlineData("HEAD", 3)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("DELETE", 1)]
    public async Task Only_reading_is_repeated_after_an_error_of_the_other_side(string method, int attempts)
    {
        await using var other = await Other.StartAsync(_ => 503);
        using var answer = await other.SendAsync(method);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, attempts), (answer.StatusCode, other.Attempts));
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    public async Task Only_reading_is_repeated_after_a_connection_that_broke_before_the_answer(string method, int attempts)
    {
        await using var other = await Other.StartAsync(attempt => attempt == 1 ? 0 : 200);
        var failure = await Record.ExceptionAsync(async () => (await other.SendAsync(method)).Dispose());
        Assert.Equal(attempts, other.Attempts);
        Assert.Equal(method == "GET", failure is null);
    }

    [Fact]
    public async Task A_write_marked_repeatable_is_repeated_with_its_body()
    {
        await using var other = await Other.StartAsync(attempt => attempt == 1 ? 500 : 200);
        using var answer = await other.SendAsync("POST", repeatable: true);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["the body", "the body"], other.Bodies);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task An_answer_that_says_no_is_not_asked_again(int status)
    {
        await using var other = await Other.StartAsync(_ => status);
        using var answer = await other.SendAsync("GET");
        Assert.Equal(1, other.Attempts);
    }

    [Fact]
    public async Task A_host_that_only_fails_is_left_alone_and_other_hosts_are_still_called()
    {
        await using var other = await Other.StartAsync(_ => 500);
        await using var healthy = await Other.StartAsync(_ => 200);
        for (var call = 0; call < 25; call++)
            _ = await Record.ExceptionAsync(async () => (await other.SendAsync("POST")).Dispose());

        Assert.InRange(other.Attempts, 20, 22);
        using var answer = await other.SendFromSameClientAsync(healthy, "POST");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>A server that answers as told (0: it drops the connection), and a service that calls it.</summary>
    private sealed class Other(Service server, Service caller, ConcurrentQueue<string> bodies) : IAsyncDisposable
    {
        public int Attempts => bodies.Count;

        public IEnumerable<string> Bodies => bodies;

        public static async Task<Other> StartAsync(Func<int, int> status)
        {
            var bodies = new ConcurrentQueue<string>();
            var server = await Service.StartAsync(map: app => app.Map("/called", async (HttpContext http) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                bodies.Enqueue(await reader.ReadToEndAsync());
                if (status(bodies.Count) is var answer and > 0)
                    http.Response.StatusCode = answer;
                else
                    http.Abort();
            }));
            var caller = await Service.StartAsync(add: builder => builder.Services.AddHttpClient());
            return new Other(server, caller, bodies);
        }

        public Task<HttpResponseMessage> SendAsync(string method, bool repeatable = false) => SendFromSameClientAsync(this, method, repeatable);

        public async Task<HttpResponseMessage> SendFromSameClientAsync(Other to, string method, bool repeatable = false)
        {
            using var client = caller.Get<IHttpClientFactory>().CreateClient();
            using var request = new HttpRequestMessage(new HttpMethod(method), to.Address);
            if (method is "POST" or "PUT" or "PATCH")
                request.Content = new StringContent("the body");
            request.Options.Set(CarefulHttp.Repeatable, repeatable);
            return await client.SendAsync(request);
        }

        private Uri Address => new(server.Http.BaseAddress!, "/called");

        public async ValueTask DisposeAsync()
        {
            await caller.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
