using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync.Model;

/// <summary>One record as a device may send it: which thing, which revision, and which of two contents that revision could have.</summary>
internal sealed record Sample(string Kind, int Index, int Rev, int Variant, Guid Id)
{
    /// <summary>A customer whose e-mail is none.</summary>
    public bool IsBad { get; init; }

    /// <summary>An item the office adds late, or never.</summary>
    public bool IsOfLateItem { get; init; }

    /// <summary>The customer is named by a code the office adds late, or never.</summary>
    public bool IsByCode { get; init; }

    public Guid? Customer { get; init; }

    /// <summary>The order a receipt pays, or one that this one is to follow.</summary>
    public Guid? Order { get; init; }

    public bool IsNumbered => Kind != "customer";

    /// <summary>What must be there first: customers must be customers, orders must be accepted.</summary>
    public IEnumerable<(Guid Id, bool IsCustomer)> Awaits
    {
        get
        {
            if (Customer is { } customer)
                yield return (customer, true);
            if (Order is { } order)
                yield return (order, false);
        }
    }

    public string Name => $"{Kind}{Index}.{Rev}{(Variant == 0 ? "" : "'")}";

    public override string ToString() => $"{Name}{(IsBad ? " bad" : "")}{(IsOfLateItem ? " late" : "")}{(IsByCode ? " code" : "")}";

    public JsonObject Json(Names names)
    {
        var notes = $"variant {Variant} of {Rev}";
        var record = Kind switch
        {
            "customer" => An.Customer(Id, $"Customer {Index}, {notes}", IsBad ? "not an address" : "a@customers.example"),
            "receipt" => An.Receipt(Id, Customer, Order, amount: 10 + Rev + (Variant * 0.5m)),
            _ => An.Order(Id, Customer, sku: IsOfLateItem ? names.Sku : "SKU-1", notes: notes),
        };
        record["kind"] = Kind;
        record["rev"] = Rev;
        if (IsByCode)
            record["body"]!["customer"] = new JsonObject { ["code"] = names.Code };
        if (Kind is "order" or "quote" && Order is { } first)
            record["dependsOn"] = new JsonArray(first);
        return record;
    }
}

/// <summary>What the office may add in the middle of a run.</summary>
internal sealed record Names(string Sku, string Code);
