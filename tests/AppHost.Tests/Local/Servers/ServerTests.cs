using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;
using OrderSync.Testing.Run;

namespace OrderSync.AppHost.Tests.Local.Servers;

/// <summary>Real servers, each in a folder of its own.</summary>
[Trait("tier", "ci")]
public sealed class ServerTests : IDisposable
{
    private const string Password = "p\"w-1_~x";

    private readonly string folder = TestFolder.Create("servers");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task PostgreSQL_keeps_what_was_committed_when_it_is_killed_and_started_again_in_the_same_folder()
    {
        var options = new ServerOptions(Path.Combine(folder, "postgres"), TestPorts.Take(1)[0], Password, folder);
        await using (var first = await PostgresServer.StartAsync(options, default))
        {
            await ExecuteAsync(first.ConnectionString, "create table kept (id int); insert into kept values (7)");
            await first.KillAsync();
        }
        // A lock file of a killed server whose process number is somebody else's by now.
        var stale = Path.Combine(options.Folder, "data/postmaster.pid");
        await File.WriteAllTextAsync(stale, $"{Environment.ProcessId}\n{File.ReadAllText(stale).Split('\n', 2)[1]}");

        await using var second = await PostgresServer.StartAsync(options, default);
        Assert.Equal(7, await ExecuteAsync(second.ConnectionString, "select id from kept"));
        Assert.Equal("on,on,on", await ExecuteAsync(second.ConnectionString,
            "select concat_ws(',', current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'))"));
    }

    [Fact]
    public async Task PostgreSQL_of_a_run_that_was_killed_is_ended_by_the_next_start_in_its_folder()
    {
        var options = new ServerOptions(Path.Combine(folder, "postgres"), TestPorts.Take(1)[0], Password, folder);
        await using var abandoned = await PostgresServer.StartAsync(options, default);
        await using var next = await PostgresServer.StartAsync(options, default);

        Assert.True(abandoned.Exited.IsCompleted);
        Assert.Equal(1, await ExecuteAsync(next.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task PostgreSQL_wants_the_password()
    {
        var options = new ServerOptions(Path.Combine(folder, "postgres"), TestPorts.Take(1)[0], Password, folder);
        await using var server = await PostgresServer.StartAsync(options, default);
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(server.ConnectionStringTo("postgres", "postgres", "wrong"), "select 1"));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why_with_the_end_of_its_log()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgresServer.StartAsync(new ServerOptions(Path.Combine(folder, "postgres"), port, Password, folder), default));
        Assert.Contains("Address already in use", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Leftovers.OfState(folder));
    }

    [Fact]
    public async Task RabbitMQ_takes_messages_keeps_its_virtual_hosts_over_a_kill_and_leaves_no_process()
    {
        var ports = TestPorts.Take(4);
        var options = new RabbitOptions(Path.Combine(folder, "rabbitmq"), ports[0], Password, folder, ports[1], ports[2], ports[3]);
        var first = await RabbitServer.StartAsync(options, default);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.ManagementPort}/api/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{RabbitServer.User}:{Password}")));
        Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(new Uri("vhosts/mine", UriKind.Relative), null)).StatusCode);
        Assert.All(Listening(), address => Assert.StartsWith("127.0.0.1", address, StringComparison.Ordinal));
        await first.KillAsync();

        var second = await RabbitServer.StartAsync(options, default);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("vhosts/mine", UriKind.Relative))).StatusCode);
        await second.StopAsync();
        // The system may need a moment to clear a process away that has ended.
        await Eventually.TrueAsync(() => Leftovers.OfState(folder).Count == 0, "no process is left");
        Assert.All(ports, port => Assert.True(TestPorts.IsFree(port)));

        IEnumerable<string> Listening() => IPGlobals().Where(address => ports.Any(port => address.EndsWith($":{port}", StringComparison.Ordinal))
            && !address.StartsWith("[::1]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redis_answers_only_with_the_password_and_stops()
    {
        var options = new ServerOptions(Path.Combine(folder, "redis"), TestPorts.Take(1)[0], "redis-1", folder);
        await using var server = await RedisServer.StartAsync(options, default);
        using var client = new TcpClient("127.0.0.1", server.Port);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
        var answer = new byte[64];
        var read = await client.GetStream().ReadAsync(answer);
        Assert.StartsWith("-NOAUTH", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        Assert.Equal([server.ProcessId], Leftovers.OfState(folder));

        await server.StopAsync();
        Assert.Empty(Leftovers.OfState(folder));
        Assert.Equal(0, await server.Exited.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task The_mail_server_shows_what_was_sent()
    {
        var ports = TestPorts.Take(2);
        await using var server = await MailServer.StartAsync(
            new MailOptions(Path.Combine(folder, "mail"), ports[0], folder, ports[1], TestFolder.Tools), default);
        using var sender = new SmtpClient("127.0.0.1", server.Port);
        using var mail = new MailMessage("shop@example.com", "buyer@example.com", "Order A-1", "Thank you");
        await sender.SendMailAsync(mail);

        using var http = new HttpClient();
        Assert.Contains("Order A-1", await http.GetStringAsync(new Uri(server.Page, "/email")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_run_left_is_found_by_its_state_and_ended()
    {
        var options = new ServerOptions(Path.Combine(folder, "redis"), TestPorts.Take(1)[0], "redis-1", folder);
        await using var server = await RedisServer.StartAsync(options, default);
        await Leftovers.EndOfStateAsync(folder, default);
        Assert.NotEqual(0, await server.Exited.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(server.ProcessId));
    }

    private static IEnumerable<string> IPGlobals() =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.ToString());

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
