using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>A person lets OrderSync into Zoho in the browser; the stand-in's own page asks and leads back.</summary>
public sealed class ZohoApprovalTests(ZohoLedgerFixture database, ZohoSandbox sandbox) : IClassFixture<ZohoLedgerFixture>, IClassFixture<ZohoSandbox>
{
    private const string Callback = "http://gateway.example/oauth/callback/zoho";
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Theory]
    [InlineData(ZohoProduct.Inventory)]
    [InlineData(ZohoProduct.Books)]
    public async Task A_person_approves_in_the_browser_and_the_order_that_waited_goes_on(ZohoProduct product)
    {
        var zoho = await sandbox.OrganisationAsync(new { name = "Al Noor Trading" });
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { RefreshToken = "", Product = product });
        var order = Some.Order(Some.Line());
        await replica.TakeAsync(Message(order));
        await UntilAsync("reconnect", 1);

        var back = await ConsentAsync(replica, zoho, "accept");
        var said = await replica.AskAsync($"/manage/approved{back.Query}");

        await UntilAsync("done", 2);
        Assert.Equal((true, "Zoho is connected"), ((bool)said["works"]!, (string)said["title"]!));
        Assert.StartsWith($"Zoho {product} answers for Al Noor Trading", (string?)said["message"], StringComparison.Ordinal);
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task Secrets_go_only_to_the_data_centre_that_the_settings_name()
    {
        var zoho = await sandbox.OrganisationAsync();
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { RefreshToken = "" });
        var back = QueryHelpers.ParseQuery((await ConsentAsync(replica, zoho, "accept")).Query).ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
        (back["accounts-server"], back["location"]) = ("https://accounts.zoho.example", "eu");

        var said = await replica.AskAsync(QueryHelpers.AddQueryString("/manage/approved", back));

        Assert.Equal((false, "Zoho is not connected"), ((bool)said["works"]!, (string)said["title"]!));
        Assert.StartsWith("Your Zoho account is at https://accounts.zoho.example (data centre eu)", (string?)said["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_approve_is_told_so()
    {
        var zoho = await sandbox.OrganisationAsync();
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { RefreshToken = "" });

        var said = await replica.AskAsync($"/manage/approved{(await ConsentAsync(replica, zoho, "reject")).Query}");

        Assert.Equal("Zoho was told not to let OrderSync in. Begin again in Connections if that was a mistake.", (string?)said["message"]);
    }

    // What a browser does: the page, its form, the way back.
    private async Task<Uri> ConsentAsync(ZohoReplica replica, ZohoOrganisation zoho, string decision)
    {
        var page = new Uri((string)(await replica.AskAsync($"/manage/connections/{company}/{connection}/connect", HttpMethod.Post, Callback))["url"]!);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var shown = await browser.GetAsync(page);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        var form = QueryHelpers.ParseQuery(page.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        form["organization_id"] = zoho.Id;
        form["decision"] = decision;
        using var answer = await browser.PostAsync(new Uri(page.GetLeftPart(UriPartial.Path)), new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith(Callback, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        return answer.Headers.Location!;
    }

    private DeliverRecord Message(Order order) => ZohoWorkerTests.Message(company, connection, order);

    private async Task UntilAsync(string state, long count) => await Eventually.TrueAsync(async () =>
    {
        await using var command = database.Administrator.CreateCommand("select count(*) from zoho.document where company_id = $1 and state = $2");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = company });
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = state });
        return (long)(await command.ExecuteScalarAsync())! == count;
    }, $"{count} documents to be {state}");
}
