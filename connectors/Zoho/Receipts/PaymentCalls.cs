using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho's customer payments: find, create.</summary>
internal sealed class PaymentCalls(ZohoClient zoho)
{
    /// <summary>The payments of a reference, complete.</summary>
    public async Task<IReadOnlyList<Payment>> FindAsync(Steps steps, string reference, CancellationToken stop)
    {
        var answer = await zoho.GetAsync(steps, $"customerpayments?{ZohoClient.Search("reference_number", reference)}", $"receipt {reference}", stop);
        var complete = new List<Payment>();
        foreach (var row in ZohoClient.Matches(answer.Customerpayments, row => row.ReferenceNumber, reference))
            complete.Add(await ReadAsync(steps, row.PaymentId, reference, stop));
        return complete;
    }

    /// <summary>A payment that must be there.</summary>
    public async Task<Payment> ReadAsync(Steps steps, string id, string reference, CancellationToken stop) =>
        (await zoho.GetAsync(steps, $"customerpayments/{Uri.EscapeDataString(id)}", $"receipt {reference}", stop)).Payment!;

    /// <summary>Creates a payment. Answers it as Zoho holds it.</summary>
    public async Task<Payment> CreateAsync(Steps steps, NewPayment payment, CancellationToken stop)
    {
        var what = $"receipt {payment.ReferenceNumber}";
        var theirs = (await zoho.CallAsync(steps, HttpMethod.Post, "customerpayments", payment, what, stop)).Payment!;
        ZohoClient.RequireField(payment.CustomFields[0], theirs.CustomFields, what);
        return theirs;
    }
}
