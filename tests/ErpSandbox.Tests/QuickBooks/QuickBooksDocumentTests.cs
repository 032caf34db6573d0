using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.QuickBooks;

/// <summary>Documents, names and payments, and what is refused of them.</summary>
public sealed class QuickBooksDocumentTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task A_repeated_requestid_gets_the_first_answer_and_makes_nothing()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null));
        var first = await books.PostAsync("estimate?requestid=k1", document);
        document["Line"]![0]!["Description"] = "Other content";

        var again = await books.PostAsync("estimate?requestid=k1", document);

        Assert.Equal((200, first.Text), (again.Status, again.Text));
        Assert.Equal(1, (int)(await books.QueryAsync("select count(*) from Estimate"))["QueryResponse"]["totalCount"]!);
    }

    [Theory]
    [InlineData("free", null)]
    [InlineData("replay", "6210")]
    [InlineData("refuse", "600")]
    public async Task What_a_requestid_gets_after_a_refusal_is_a_setting(string setting, string? code)
    {
        var books = await Books.OpenAsync(sandbox.Server, new { requestIdsAfterRefusal = setting, bookCloseDate = "2026-12-31" });
        var document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null));
        document["TxnDate"] = "2026-11-01";
        Assert.Equal("6210", (await books.PostAsync("estimate?requestid=k1", document)).Code);
        await books.PutAsync(new { bookCloseDate = (string?)null });

        Assert.Equal(code, (await books.PostAsync("estimate?requestid=k1", document)).Code);
        document["DocNumber"] = "N-2";
        Assert.Null((await books.PostAsync("estimate?requestid=k2", document)).Code);
    }

    [Fact]
    public async Task A_number_that_is_there_is_refused_for_its_kind_of_document_only()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null));
        await books.PostAsync("estimate", document);

        Assert.Equal("6140", (await books.PostAsync("estimate", document)).Code);
        Assert.Null((await books.PostAsync("invoice", document)).Code);
        Assert.Null((await books.PostAsync("estimate?include=allowduplicatedocnum", document)).Code);
    }

    [Fact]
    public async Task Without_custom_numbers_QuickBooks_numbers_what_has_none()
    {
        var books = await Books.OpenAsync(sandbox.Server, new { customTxnNumbers = false });

        var theirs = (await books.PostAsync("estimate", await books.DocumentAsync(null, "NotApplicable", (1, 10m, null))))["Estimate"];

        Assert.Equal("1001", (string?)theirs["DocNumber"]);
    }

    [Fact]
    public async Task A_name_belongs_to_one_customer_vendor_or_employee_active_or_not()
    {
        var books = await Books.OpenAsync(sandbox.Server, new { vendors = new[] { "Falcon" } });
        var theirs = (await books.PostAsync("customer", new { DisplayName = "Shop" }))["Customer"];
        await books.PostAsync("customer", new { Id = (string)theirs["Id"]!, SyncToken = "0", sparse = true, Active = false });

        Assert.Equal("6240", (await books.PostAsync("customer", new { DisplayName = "falcon" })).Code);
        Assert.Equal("6240", (await books.PostAsync("customer", new { DisplayName = "Shop" })).Code);
        Assert.Equal("500", (await books.PostAsync("customer?operation=delete", new { Id = (string)theirs["Id"]!, SyncToken = "1" })).Code);
    }

    [Fact]
    public async Task A_sparse_change_leaves_what_it_does_not_name_and_an_old_SyncToken_is_refused()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var theirs = (await books.PostAsync("customer", new { DisplayName = "Shop", Notes = "Kept" }))["Customer"];
        object Change(string token, bool sparse) => new { Id = (string)theirs["Id"]!, SyncToken = token, sparse, DisplayName = "Store" };

        var sparse = (await books.PostAsync("customer", Change("0", true)))["Customer"];
        var stale = await books.PostAsync("customer", Change("0", true));
        var whole = (await books.PostAsync("customer", Change("1", false)))["Customer"];

        Assert.Equal(("Kept", "5010", null), ((string?)sparse["Notes"], stale.Code, (string?)whole["Notes"]));
    }

    [Fact]
    public async Task A_payment_lowers_what_an_invoice_has_open_and_keeps_the_rest_unapplied()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var invoice = (await books.PostAsync("invoice", await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null))))["Invoice"];
        var link = new[] { new { TxnId = (string)invoice["Id"]!, TxnType = "Invoice" } };

        var payment = (await books.PostAsync("payment", new { CustomerRef = invoice["CustomerRef"], TotalAmt = 15m, Line = new[] { new { Amount = 10m, LinkedTxn = link } } }))["Payment"];

        Assert.Equal(5m, (decimal)payment["UnappliedAmt"]!);
        Assert.Equal(0m, (decimal)(await books.GetAsync($"invoice/{invoice["Id"]}"))["Invoice"]["Balance"]!);
        Assert.Equal("620", (await books.PostAsync("payment", new { CustomerRef = invoice["CustomerRef"], TotalAmt = 1m, Line = new[] { new { Amount = 1m, LinkedTxn = link } } })).Code);
    }

    [Fact]
    public async Task A_void_invoice_is_worth_nothing_and_says_so_and_an_estimate_cannot_be_void()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null));
        document["PrivateNote"] = "Ours";
        var invoice = (await books.PostAsync("invoice", document))["Invoice"];
        var estimate = (await books.PostAsync("estimate", document))["Estimate"];

        var gone = (await books.PostAsync("invoice?operation=void", new { Id = (string)invoice["Id"]!, SyncToken = "0" }))["Invoice"];

        Assert.Equal((0m, "Voided", "N-1"), ((decimal)gone["TotalAmt"]!, (string?)gone["PrivateNote"], (string?)gone["DocNumber"]));
        Assert.Equal("500", (await books.PostAsync("estimate?operation=void", new { Id = (string)estimate["Id"]!, SyncToken = "0" })).Code);
    }

    [Fact]
    public async Task An_invoice_takes_from_the_stock_and_gives_it_back_when_it_is_void()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync("N-1", "NotApplicable", (7, 1m, null));
        document["Line"]![0]!["SalesItemLineDetail"]!["ItemRef"]!["value"] = await books.ItemAsync("B");

        var invoice = (await books.PostAsync("invoice", document))["Invoice"];
        var less = await StockAsync(books);
        await books.PostAsync("invoice?operation=void", new { Id = (string)invoice["Id"]!, SyncToken = "0" });

        Assert.Equal((43m, 50m), (less, await StockAsync(books)));
    }

    [Fact]
    public async Task An_invoice_of_an_estimate_closes_it_and_they_name_each_other()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null));
        var estimate = (await books.PostAsync("estimate", document))["Estimate"];
        document["LinkedTxn"] = new JsonArray(new JsonObject { ["TxnId"] = (string)estimate["Id"]!, ["TxnType"] = "Estimate" });

        var invoice = (await books.PostAsync("invoice", document))["Invoice"];

        var closed = (await books.GetAsync($"estimate/{estimate["Id"]}"))["Estimate"];
        Assert.Equal(("Closed", (string?)invoice["Id"]), ((string?)closed["TxnStatus"], (string?)closed["LinkedTxn"]![0]!["TxnId"]));
    }

    [Theory]
    [InlineData("DocNumber", 22, "2050")]
    [InlineData("PrivateNote", 4001, "2050")]
    [InlineData("Reference", 1, "2010")]
    public async Task A_text_that_is_too_long_and_a_field_that_is_unknown_are_refused(string field, int length, string code)
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync(null, "NotApplicable", (1, 10m, null));
        document[field] = new string('x', length);

        Assert.Equal(code, (await books.PostAsync("estimate", document)).Code);
    }

    private static async Task<decimal> StockAsync(Books books) => (decimal)(await books.QueryAsync("select * from Item where Sku = 'B'"))["QueryResponse"]["Item"]![0]!["QtyOnHand"]!;
}
