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

    public IEnumerable<Awaited> Awaits(object body) => ((CustomerBody)body).Changes is { } changed && changed != Guid.Empty ? [Awaited.Customer(changed)] : [];

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

        if (customer.Changes is { } changed)
        {
            // Put in by what releases records: under the customer's lock, and by itself once the customer is there.
            judged.CustomerId = known.Survivors.GetValueOrDefault(changed, changed);
            judged.Wait(new Fault("customer.changing", "changes"));
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

        // Of two in one chunk the first has it.
        if (code is not null)
            known.CustomersByCode.TryAdd(code, judged.Record.Id!.Value);
        judged.Customer = RowOf(customer, code);
    }

    /// <summary>The customer's row.</summary>
    public static JudgedCustomer RowOf(CustomerBody customer, string? code) => new(customer.Name, customer.Email, code, JsonSerializer.Serialize(customer with { Changes = null, Base = null, SourceLead = null }, ContractJson.Options));

    private static Fault? WhyNot(PushedRecord record, CustomerBody customer, Known known)
    {
        // A customer that is there is changed by a record of its own, which names it and the values it knew.
        if (known.OfficeCustomers.Contains(record.Id!.Value))
            return new Fault("record.needsConnection", "id");
        if (customer.SourceLead is not null)
            return new Fault("customer.needsConnection", "sourceLead");
        if (customer.Changes is not null && CustomerChanges.WhyNot(customer) is { } change)
            return change;
        return WhyNot(customer);
    }

    /// <summary>Why it cannot be a customer; null = it can.</summary>
    public static Fault? WhyNot(CustomerBody customer)
    {
        if (string.IsNullOrWhiteSpace(customer.Name))
            return new Fault("customer.name", "name");
        return Limits.WhyNot(customer)
            ?? (customer.Email is { Length: > 0 } email && !MailAddress.TryCreate(email, out _) ? new Fault("customer.email", "email", new Dictionary<string, string> { ["email"] = email }) : null);
    }
}
