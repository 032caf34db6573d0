using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Archive;

[Collection("office")]
public sealed class ArchiveTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    public async Task F134_Orders_customers_and_refusals_are_exported_with_their_captured_bytes_and_come_back_as_what_they_were(string type)
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var (customer, sku) = (An.Customer(name: "Käse, \"Brot\"\nund Söhne"), $"SKU-{Guid.NewGuid():N}"[..30]);
        var (order, refused) = (An.Order(customer: Id(customer), notes: "two\r\nlines, \"quoted\""), An.Order(customer: Id(customer), sku: sku));
        await device.PushAsync(customer, order, refused);
        // As it came, with white space of its own.
        var spaced = An.Order(customer: Id(customer), sku: sku).ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        (await device.SendAsync(Encoding.UTF8.GetBytes($"[{spaced}]"))).EnsureSuccessStatusCode();

        var export = await ExportAsync("", type);
        var refusals = await ExportAsync("?state=refused&kind=order", type);

        Assert.Contains(sku, Encoding.UTF8.GetString(refusals), StringComparison.Ordinal);
        Assert.DoesNotContain(Id(order).ToString(), Encoding.UTF8.GetString(refusals), StringComparison.Ordinal);
        var (before, captures) = (await StandingAsync(device), await gateway.Scalar<long>($"select count(*) from gateway.capture where company_id = '{gateway.CompanyId}'"));
        var verdicts = await ImportAsync(await OnlyAsync(device, type, export), type);
        Assert.Equal(["duplicate", "duplicate", "refused", "refused"], verdicts.Select(verdict => verdict.GetProperty("outcome").GetString()).Order());
        Assert.Equal(before, await StandingAsync(device));
        Assert.Equal(captures, await gateway.Scalar<long>($"select count(*) from gateway.capture where company_id = '{gateway.CompanyId}'"));

        // Lost here, and taken again from the export: the very bytes.
        await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', '{sku}', 'Came later')");
        Assert.All(await ImportAsync(await OnlyAsync(device, type, refusals), type), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        Assert.Equal(spaced, Encoding.UTF8.GetString(await gateway.Scalar<byte[]>($"select bytes from gateway.capture where device_id = '{device.Id}' and length(bytes) = {Encoding.UTF8.GetByteCount(spaced)}")));
    }

    [Fact]
    public async Task F134_An_import_with_a_device_of_nobody_or_of_another_shape_stores_nothing()
    {
        var stranger = await gateway.Office.PostAsJsonAsync("/v1/office/import", new { records = new[] { new { device = Guid.NewGuid(), record = An.Customer() } } });
        var shapeless = await gateway.Office.PostAsync("/v1/office/import", new StringContent("a,b\r\n1,2\r\n", Encoding.UTF8, "text/csv"));

        Assert.Equal((HttpStatusCode.BadRequest, "import.device"), (stranger.StatusCode, await CodeAsync(stranger)));
        Assert.Equal((HttpStatusCode.BadRequest, "import.shape"), (shapeless.StatusCode, await CodeAsync(shapeless)));
    }

    [Fact]
    public async Task F054_F134_What_a_device_has_given_up_the_office_sees_and_exports()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var order = An.Order(sku: "NO-SUCH", customer: Guid.CreateVersion7());
        await device.PushAsync(order);
        (await device.PostAsync("/v1/sync/attention/stop", new { ids = new[] { Id(order) } })).EnsureSuccessStatusCode();

        var stopped = JsonSerializer.Deserialize<JsonElement>(await ExportAsync("?state=stopped", "application/json")).GetProperty("records").EnumerateArray().Single(row => row.GetProperty("id").GetGuid() == Id(order));

        Assert.Equal(("stopped", "line.sku.unknown"), (stopped.GetProperty("state").GetString(), stopped.GetProperty("code").GetString()));
        Assert.Equal(Encoding.UTF8.GetString(An.Push(order)[1..^1]), stopped.GetProperty("record").GetRawText());
    }

    // Other tests share the company: what is theirs is left out.
    private static async Task<byte[]> OnlyAsync(TestDevice device, string type, byte[] export)
    {
        if (type == "application/json")
            return Encoding.UTF8.GetBytes($$"""{"records":[{{string.Join(',', JsonSerializer.Deserialize<JsonElement>(export).GetProperty("records").EnumerateArray()
                .Where(row => row.GetProperty("device").GetGuid() == device.Id).Select(row => row.GetRawText()))}}]}""");
        using var csv = CsvHelper.CsvReader.Create(new MemoryStream(export), CsvHelper.CsvReaderOptions.Default);
        csv.ReadHeader();
        var (names, text) = (csv.Headers.ToList(), new StringBuilder());
        text.AppendJoin(',', names).Append("\r\n");
        while (csv.Read())
            if (csv.GetString(names.IndexOf("device")) == device.Id.ToString())
                text.AppendJoin(',', names.Select((_, i) => $"\"{csv.GetString(i).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");
        return await Task.FromResult(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private async Task<byte[]> ExportAsync(string query, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/office/export{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        var answer = (await gateway.Office.SendAsync(request)).EnsureSuccessStatusCode();
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task<List<JsonElement>> ImportAsync(byte[] body, string type)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        var answer = await gateway.Office.PostAsync("/v1/office/import", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts").EnumerateArray()];
    }

    private Task<string> StandingAsync(TestDevice device) => gateway.Scalar<string>($"""
        select string_agg(record_id || state || rev || coalesce(code, '') || encode(sha256, 'hex') || document_date || coalesce(total::text, ''), ' ' order by record_id) from gateway.record where device_id = '{device.Id}'
        """);

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    private static Guid Id(JsonObject record) => record["id"]!.GetValue<Guid>();
}
