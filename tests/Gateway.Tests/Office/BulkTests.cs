using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>Collections in bulk, as JSON and as CSV.</summary>
public sealed class BulkTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData(",", false)]
    [InlineData(";", true)]
    [InlineData("\t", false)]
    public async Task A_CSV_file_is_loaded_whatever_divides_its_cells_and_a_repeat_changes_nothing(string delimiter, bool mark)
    {
        var sku = $"CSV-{Guid.NewGuid():N}";
        var file = string.Join(delimiter, "sku", "name", "price", "minimumQuantity", "needsConnection", "active") + "\r\n"
            + string.Join(delimiter, sku, "\"Böx, \"\"big\"\"; two\tlines\nlong\"", "12.50", "6", "true", "false") + "\r\n";

        var first = await PutAsync("products", (mark ? "\uFEFF" : "") + file);
        var second = await PutAsync("products", file);

        Assert.Equal((1, 1), Counts(first));
        Assert.Equal((1, 0), Counts(second));
        var product = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products?search={sku}")).GetProperty("products")[0];
        Assert.Equal("Böx, \"big\"; two\tlines\nlong", product.GetProperty("name").GetString());
        Assert.Equal("12.5", product.GetProperty("price").GetRawText());
        Assert.True(product.GetProperty("needsConnection").GetBoolean());
        Assert.False(product.GetProperty("active").GetBoolean());
        Assert.False(product.TryGetProperty("unit", out _));
    }

    [Theory]
    [InlineData("sku,name,price\nA,A,\"10,50\"\n", 2, "price", "with a point")]
    [InlineData("sku,name,price\nA,A,1.5\nB,B,many\n", 3, "price", "not a number")]
    [InlineData("sku,name,price\nA,A,1.123456\n", 2, "price", "five decimals")]
    [InlineData("sku,name,active\nA,A,ja\n", 2, "active", "true or false")]
    [InlineData("sku,name\nA,A\nB\n", 3, null, "1 cells")]
    [InlineData("sku,name\n\"A\nB\",\n", 2, "name", "is missing")]
    [InlineData("sku,name\nA,A\nB,B\nA,C\n", 4, null, "same key as line 2")]
    [InlineData("sku,colour\nA,red\n", 1, "colour", "is not a column; there are sku, name")]
    [InlineData("sku,name,SKU\nA,A,A\n", 1, "SKU", "twice")]
    [InlineData("sku,name\nA,\"never closed\n", 2, null, "is not CSV")]
    [InlineData("", 1, null, "must name the columns")]
    public async Task A_CSV_file_with_a_fault_stores_nothing_and_its_answer_names_line_and_column(string file, int line, string? column, string why)
    {
        var before = await gateway.Scalar<long>("select count(*) from gateway.item");

        var answer = await PutAsync("products", file);

        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "bulk.row");
        var fault = problem.GetProperty("errors")[0];
        Assert.Equal(line, fault.GetProperty("line").GetInt32());
        Assert.Equal(column, fault.TryGetProperty("column", out var named) ? named.GetString() : null);
        Assert.Contains(why, fault.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains($"Line {line}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await gateway.Scalar<long>("select count(*) from gateway.item"));
    }

    [Fact]
    public async Task A_file_in_another_encoding_is_refused_with_its_line()
    {
        var bytes = Encoding.Latin1.GetBytes("sku,name\nA,A\nB,Bäcker\n");
        var problem = await ProblemAsync(await PutAsync("products", bytes), HttpStatusCode.BadRequest, "bulk.row");
        Assert.Equal(3, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Contains("UTF-8", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_to_twenty_faults_are_told_at_once()
    {
        var file = "sku,name,price\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"S{i},,x\n"));
        var problem = await ProblemAsync(await PutAsync("products", file), HttpStatusCode.BadRequest, "bulk.row");
        Assert.Equal(20, problem.GetProperty("errors").GetArrayLength());

        var json = await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = Enumerable.Range(0, 50).Select(i => new { sku = $"S{i}", price = -1 }) });
        var errors = (await ProblemAsync(json, HttpStatusCode.BadRequest, "bulk.row")).GetProperty("errors");
        Assert.Equal(20, errors.GetArrayLength());
        Assert.Equal((0, "name"), (errors[0].GetProperty("row").GetInt32(), errors[0].GetProperty("column").GetString()));
    }

    [Fact]
    public async Task Two_customers_of_one_number_are_both_named()
    {
        Guid one = Guid.NewGuid(), other = Guid.NewGuid();
        var number = $"N-{one:N}";
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = one, number, body = new { name = "One" } } } })).EnsureSuccessStatusCode();

        var answer = await PutAsync("customers", $"id,number,body.name\n{other},{number},Other\n");

        var detail = (await ProblemAsync(answer, HttpStatusCode.Conflict, "customer.numberTaken")).GetProperty("detail").GetString()!;
        Assert.Contains(one.ToString(), detail, StringComparison.Ordinal);
        Assert.Contains(other.ToString(), detail, StringComparison.Ordinal);
        Assert.Contains(number, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_exported_as_CSV_can_be_loaded_as_it_is_and_changes_nothing()
    {
        var id = Guid.NewGuid();
        using var device = await gateway.EnrolAsync();
        await device.PushAsync(An.Customer(Guid.NewGuid(), name: " Ångström, \"Söhne\"\r\n& Co ", email: ""));
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new
        {
            customers = new[] { new { id, number = (string?)$"C{id:N}", body = new { name = "=1+1;\t", email = "a@b.example", notes = "line 1\nline 2 😀", billing = new { line1 = "Main Street 1", city = "" } } } },
        })).EnsureSuccessStatusCode();

        foreach (var collection in new[] { "customers", "products", "taxes" })
        {
            var exported = await ExportAsync(collection);
            var (received, changed) = Counts(await PutAsync(collection, exported));
            Assert.True(received > 0);
            Assert.Equal(0, changed);
            Assert.Equal(exported, await ExportAsync(collection));
        }
    }

    [Fact]
    public async Task A_collection_is_read_page_by_page()
    {
        var mark = $"P{Guid.NewGuid():N}";
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = Enumerable.Range(0, 25).Select(i => new { sku = $"{mark}-{i:00}", name = "Page" }) })).EnsureSuccessStatusCode();

        var skus = new List<string>();
        string? after = null;
        do
        {
            var page = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products?search={mark}&limit=10{(after is null ? "" : $"&after={after}")}");
            skus.AddRange(page.GetProperty("products").EnumerateArray().Select(row => row.GetProperty("sku").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{mark}-{i:00}"), skus);
    }

    [Fact]
    [InCi]
    public async Task A_large_file_is_loaded_in_one_call_and_comes_back_the_same()
    {
        var rows = Servers.Full ? 100_000 : 3_500;
        var mark = $"L{Guid.NewGuid():N}"[..12];
        var file = "sku,name,price\n" + string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{mark}-{i:000000},Item {i},{i}.5\n")));

        Assert.Equal((rows, rows), Counts(await PutAsync("products", file)));
        Assert.Equal((rows, 0), Counts(await PutAsync("products", file)));

        Assert.Equal(rows, Encoding.UTF8.GetString(await ExportAsync($"products?search={mark}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    private Task<HttpResponseMessage> PutAsync(string collection, string csv) => PutAsync(collection, Encoding.UTF8.GetBytes(csv));

    private async Task<HttpResponseMessage> PutAsync(string collection, byte[] csv)
    {
        using var content = new ByteArrayContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await gateway.Office.PutAsync($"/v1/office/{collection}", content);
    }

    private async Task<byte[]> ExportAsync(string collection)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/office/{collection}");
        request.Headers.Accept.ParseAdd("text/csv");
        var answer = await gateway.Office.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static (int Received, int Changed) Counts(HttpResponseMessage answer)
    {
        var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        Assert.True(answer.IsSuccessStatusCode, text);
        var json = JsonSerializer.Deserialize<JsonElement>(text);
        return (json.GetProperty("received").GetInt32(), json.GetProperty("changed").GetInt32());
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} {text}");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(code, problem.GetProperty("type").GetString());
        return problem;
    }
}
