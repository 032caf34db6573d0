using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.QuickBooks;

/// <summary>QuickBooks' arithmetic: the acceptance set of the sheet on rounding.</summary>
public sealed class QuickBooksMoneyTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData("", "halfUp", 1.02, 11.07)]
    [InlineData("group", "halfUp", 1.01, 11.06)]
    [InlineData("group", "halfEven", 1.00, 11.05)]
    public async Task The_reference_case_is_rounded_as_the_company_rounds(string level, string tie, decimal tax, decimal total)
    {
        var books = await Books.OpenAsync(sandbox.Server, new { taxLevel = level, tie });
        var ten = books.TaxCode("Ten");
        var document = await books.DocumentAsync("R-1", "TaxExcluded", (1, 3.35m, ten), (1, 3.35m, ten), (1, 3.35m, ten));

        var theirs = (await books.PostAsync("estimate", document))["Estimate"];

        Assert.Equal((total, tax), ((decimal)theirs["TotalAmt"]!, (decimal)theirs["TxnTaxDetail"]!["TotalTax"]!));
    }

    [Fact]
    public async Task Outside_the_US_the_31_lines_of_the_reported_case_come_to_9_71_of_tax()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var twelve = books.TaxCode("Twelve");
        var document = await books.DocumentAsync(null, "TaxExcluded", [(11, 1.59m, twelve), (11, 1.59m, twelve), .. Enumerable.Repeat((1m, 1.59m, (string?)twelve), 29)]);

        var theirs = (await books.PostAsync("invoice", document))["Invoice"];

        Assert.Equal(9.71m, (decimal)theirs["TxnTaxDetail"]!["TotalTax"]!);
        Assert.Equal(81.09m, (decimal)theirs["TxnTaxDetail"]!["TaxLine"]![0]!["TaxLineDetail"]!["NetAmountTaxable"]!);
    }

    [Fact]
    public async Task Prices_with_tax_keep_their_gross_total()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync(null, "TaxInclusive", (1, 16.67m, books.TaxCode("Twenty")));
        document["Line"]![0]!["SalesItemLineDetail"]!["TaxInclusiveAmt"] = 20m;

        var theirs = (await books.PostAsync("estimate", document))["Estimate"];

        Assert.Equal((20m, 3.33m), ((decimal)theirs["TotalAmt"]!, (decimal)theirs["TxnTaxDetail"]!["TotalTax"]!));
    }

    [Theory]
    [InlineData(false, 9.10)]
    [InlineData(true, 9.05)]
    public async Task A_discount_in_the_US_reduces_the_tax_only_where_that_is_asked_for(bool after, decimal total)
    {
        var books = await Books.OpenAsync(sandbox.Server, new { country = "US", homeCurrency = "USD" });
        var document = await books.DocumentAsync(null, "TaxExcluded", (3, 3.0m, "TAX"));
        document["TxnTaxDetail"] = new JsonObject { ["TxnTaxCodeRef"] = new JsonObject { ["value"] = books.TaxCode("Ten") } };
        document["ApplyTaxAfterDiscount"] = after;
        document["Line"]!.AsArray().Add(new JsonObject { ["DetailType"] = "DiscountLineDetail", ["Amount"] = 0.80m - (after ? 0.03m : 0), ["DiscountLineDetail"] = new JsonObject { ["PercentBased"] = false } });

        var theirs = (await books.PostAsync("estimate", document))["Estimate"];

        Assert.Equal(total, (decimal)theirs["TotalAmt"]!);
    }

    [Fact]
    public async Task A_forced_total_of_tax_counts_and_rows_of_the_caller_do_not()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var document = await books.DocumentAsync(null, "TaxExcluded", (1, 10m, books.TaxCode("Ten")));
        document["TxnTaxDetail"] = new JsonObject { ["TotalTax"] = 1.01m };
        var forced = (await books.PostAsync("estimate", document))["Estimate"];
        document["TxnTaxDetail"] = new JsonObject { ["TotalTax"] = 1.01m, ["TaxLine"] = new JsonArray() };

        var again = (await books.PostAsync("estimate", document))["Estimate"];

        Assert.Equal((11.01m, 11.00m), ((decimal)forced["TotalAmt"]!, (decimal)again["TotalAmt"]!));
    }

    [Theory]
    [InlineData("GB", "10.01", null, "6070")]
    [InlineData("GB", "10.00", null, "6000")]
    [InlineData("US", "10.00", "5", "6100")]
    public async Task What_does_not_fit_is_refused_with_its_code(string country, string amount, string? code, string refused)
    {
        var books = await Books.OpenAsync(sandbox.Server, new { country });
        var document = await books.DocumentAsync(null, "TaxExcluded", (1, 10m, code));
        document["Line"]![0]!["Amount"] = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(refused, (await books.PostAsync("invoice", document)).Code);
    }
}
