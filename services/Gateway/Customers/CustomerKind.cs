using System.Collections.Frozen;
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

    public string? Series => null;

    public Type Body => typeof(CustomerBody);

    public IReadOnlyList<string> GoesTo => ["erp"];

    // Those of customers are said of all that name one.
    public IReadOnlyDictionary<string, (string En, string De)> Sentences => FrozenDictionary<string, (string En, string De)>.Empty;

    public IEnumerable<Awaited> Awaits(object body) => [];

    public void Want(PushedRecord record, object body, Wanted wanted)
    {
        wanted.Customers.Add(record.Id!.Value);
        if (((CustomerBody)body).Code is { Length: > 0 } code)
            wanted.CustomerCodes.Add(code);
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var customer = (CustomerBody)body;
        if (WhyNot(judged.Record, customer, known) is { } fault)
        {
            judged.Refuse(fault);
            return;
        }

        var code = customer.Code is { Length: > 0 } ? customer.Code : null;
        judged.Reference = code;
        judged.CustomerId = judged.Record.Id;
        if (code is not null && known.CustomersByCode.TryGetValue(code, out var owner) && owner != judged.Record.Id)
        {
            judged.Flag(new Fault("customer.codeTaken", "code", new Dictionary<string, string> { ["code"] = code }));
            code = null;
        }

        judged.Customer = RowOf(customer, code);
    }

    /// <summary>The customer's row.</summary>
    public static JudgedCustomer RowOf(CustomerBody customer, string? code) => new(customer.Name, customer.Email, code, JsonSerializer.Serialize(customer, ContractJson.Options));

    private static Fault? WhyNot(PushedRecord record, CustomerBody customer, Known known)
    {
        // The office's customer has a number in the ERP that a capture cannot carry: changing it is a live operation.
        if (known.OfficeCustomers.Contains(record.Id!.Value))
            return new Fault("record.needsConnection", "id");
        if (string.IsNullOrWhiteSpace(customer.Name))
            return new Fault("customer.name", "name");
        return Limits.WhyNot(customer)
            ?? (customer.Email is { Length: > 0 } email && !MailAddress.TryCreate(email, out _) ? new Fault("customer.email", "email", new Dictionary<string, string> { ["email"] = email }) : null);
    }
}
