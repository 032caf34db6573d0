using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho's sales orders and estimates: find, read, create, change, settle, void.</summary>
internal sealed class SalesCalls(ZohoClient zoho)
{
    private const string OwnNumber = "ignore_auto_number_generation=true";

    /// <summary>The document of a number, complete.</summary>
    public async Task<SalesDocument?> FindAsync(SalesKind kind, Steps steps, string number, CancellationToken stop)
    {
        var answer = await zoho.GetAsync(steps, $"{kind.Resource}?{ZohoClient.Search(kind.NumberField, number)}", $"{kind.Word} {number}", stop);
        return ZohoClient.Matches(kind.AllIn(answer), row => row.Number, number) is [var found, ..] ? await ReadAsync(kind, steps, found.Id, number, stop) : null;
    }

    /// <summary>A document that must be there.</summary>
    public async Task<SalesDocument> ReadAsync(SalesKind kind, Steps steps, string id, string number, CancellationToken stop) =>
        kind.In(await zoho.GetAsync(steps, $"{kind.Resource}/{id}", $"{kind.Word} {number}", stop))!;

    /// <summary>Creates a document under our own number. Answers it as Zoho holds it.</summary>
    public async Task<SalesDocument> CreateAsync(SalesKind kind, Steps steps, string number, NewSalesDocument document, CancellationToken stop)
    {
        var what = $"{kind.Word} {number}";
        var theirs = kind.In(await zoho.CallAsync(steps, HttpMethod.Post, $"{kind.Resource}?{OwnNumber}", document, what, stop))!;
        ZohoClient.RequireField(document.CustomFields[0], theirs.CustomFields, what);
        return theirs;
    }

    /// <summary>Puts other content into a document.</summary>
    public async Task<SalesDocument> ChangeAsync(SalesKind kind, Steps steps, string id, string number, NewSalesDocument document, CancellationToken stop) =>
        kind.In(await zoho.CallAsync(steps, HttpMethod.Put, $"{kind.Resource}/{id}?{OwnNumber}", document, $"{kind.Word} {number}", stop))!;

    /// <summary>Makes a draft count.</summary>
    public async Task<string> SettleAsync(SalesKind kind, Steps steps, string id, string number, CancellationToken stop)
    {
        await zoho.CallAsync(steps, HttpMethod.Post, $"{kind.Resource}/{id}/status/{kind.Settle}", null, $"{kind.Word} {number}", stop);
        return id;
    }

    /// <summary>Makes a document void.</summary>
    public async Task<string> VoidAsync(SalesKind kind, Steps steps, string id, string number, CancellationToken stop)
    {
        await zoho.CallAsync(steps, HttpMethod.Post, $"{kind.Resource}/{id}/status/void", null, $"{kind.Word} {number}", stop);
        return id;
    }

    /// <summary>The invoices of a number.</summary>
    public async Task<IReadOnlyList<InvoiceRow>> FindInvoicesAsync(Steps steps, string number, CancellationToken stop)
    {
        var answer = await zoho.GetAsync(steps, $"invoices?{ZohoClient.Search("invoice_number", number)}", $"invoice {number}", stop);
        return ZohoClient.Matches(answer.Invoices, row => row.InvoiceNumber, number);
    }
}
