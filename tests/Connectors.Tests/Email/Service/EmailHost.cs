using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSync.Connectors.Tests.Email.Printing;
using OrderSync.Contracts.Bus;
using OrderSync.Email;
using OrderSync.Framework;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Reports;
using OrderSync.ServiceDefaults;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>The e-mail connector with its worker in this process, under a clock of the test's; only the queue is left out.</summary>
internal sealed class EmailHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http;

    private EmailHost(WebApplication app)
    {
        this.app = app;
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), DefaultRequestHeaders = { { "X-OrderSync-Key", "internal" } } };
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<EmailHost> StartAsync(EmailDatabase database, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:email"] = database.ConnectionStringAs("email"),
            ["Secrets:Key"] = "k1:a text of at least thirty-two characters",
            ["Internal:Key"] = "internal",
        });
        builder.AddServiceDefaults();
        builder.AddConnector<EmailConnector>();
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(new PrinterFixture().Printer);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var app = builder.Build();
        app.MapManage();
        await app.StartAsync();
        return new(app);
    }

    public Task<HttpResponseMessage> SaveAsync(Guid company, Guid connection, JsonObject settings) => http.PutAsJsonAsync($"manage/connections/{company}/{connection}", settings);

    public Task<HttpResponseMessage> PostAsync(Guid company, Guid connection, string path, JsonObject body) =>
        http.PostAsJsonAsync($"manage/connections/{company}/{connection}/{path}", body);

    public Task<HttpResponseMessage> GetAsync(Guid company, Guid connection, string path) => http.GetAsync($"manage/connections/{company}/{connection}/{path}");

    /// <summary>Takes a message as the queue's consumer does.</summary>
    public Task TakeAsync(DeliverRecord record) => Get<RecordIntake>().TakeAsync(record, CancellationToken.None);

    /// <summary>What the gateway would be told of a record now.</summary>
    public async Task<DeliveryReport> ReportAsync(DeliverRecord record) => (await Get<ReportLedger>().ReadAsync(
        [new DueReport(record.CompanyId, record.ConnectionId, record.RecordId)], CancellationToken.None)).Single();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
