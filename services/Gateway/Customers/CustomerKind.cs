using System.Net.Mail;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>The rules of a customer captured on a device.</summary>
internal sealed class CustomerKind : IRecordKind
{
    public string Name => Kinds.Customer;

    public bool Numbered => false;

    public Fault? Read(PushedRecord record, Wanted wanted, out object? body)
    {
        body = null;
        try
        {
            body = record.Envelope!.Body.Deserialize<CustomerBody>(ContractJson.Options);
            return body is null ? new Fault("record.unreadable", "body") : null;
        }
        catch (JsonException trouble)
        {
            return new Fault("record.unreadable", trouble.Path?.TrimStart('$', '.'));
        }
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var customer = (CustomerBody)body;
        var fault = string.IsNullOrWhiteSpace(customer.Name)
            ? new Fault("customer.name", "name")
            : Texts.WhyNot(("name", customer.Name, 200), ("company", customer.Company, 200), ("contact", customer.Contact, 200), ("email", customer.Email, 254),
                ("phone", customer.Phone, 50), ("taxNumber", customer.TaxNumber, 50), ("code", customer.Code, 60), ("priceList", customer.PriceList, 100),
                ("paymentTerms", customer.PaymentTerms, 100), ("notes", customer.Notes, 10_000))
            ?? Texts.WhyNot("billing", customer.Billing) ?? Texts.WhyNot("shipping", customer.Shipping);
        if (fault is null && customer.Email is { Length: > 0 } email && !MailAddress.TryCreate(email, out _))
            fault = new Fault("customer.email", "email", new Dictionary<string, string> { ["email"] = email });
        if (fault is not null)
        {
            judged.Refuse(fault);
            return;
        }

        judged.Reference = customer.Code;
        judged.CustomerId = judged.Record.Id;
        judged.Customer = new JudgedCustomer(customer.Name, customer.Email, customer.Code, JsonSerializer.Serialize(customer, ContractJson.Options));
    }
}
