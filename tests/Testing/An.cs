using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;

namespace OrderSync.Testing;

/// <summary>Records as a device sends them; a test names only what matters to it.</summary>
public static class An
{
    /// <summary>An order of one customer; totals add up: 8 % tax, rounded on the document.</summary>
    public static JsonObject Order(Guid? id = null, Guid? customer = null, int lines = 1, decimal price = 10.00m, string sku = "SKU-1", string? notes = null, long seq = 1, int rev = 1)
    {
        var subtotal = lines * price;
        var tax = Math.Round(subtotal * 0.08m, 2, MidpointRounding.AwayFromZero);
        return Record("order", id, rev, seq, new JsonObject
        {
            ["reference"] = "R-1",
            ["customer"] = customer is null ? null : new JsonObject { ["id"] = customer },
            ["currency"] = "USD",
            ["pricesIncludeTax"] = false,
            ["rounding"] = new JsonObject { ["level"] = "document", ["tie"] = "halfUp" },
            ["lines"] = new JsonArray([.. Enumerable.Range(1, lines).Select(_ => (JsonNode)new JsonObject
            {
                ["sku"] = sku, ["description"] = "Bottle cage", ["quantity"] = 1, ["unitPrice"] = price, ["taxCode"] = "T8", ["taxRate"] = 8,
            })]),
            ["totals"] = new JsonObject { ["subtotal"] = subtotal, ["discount"] = 0, ["tax"] = tax, ["total"] = subtotal + tax },
            ["notes"] = notes,
        });
    }

    /// <summary>A quote: the same as <see cref="Order"/>, valid for a while.</summary>
    public static JsonObject Quote(Guid? id = null, Guid? customer = null, int lines = 1, string sku = "SKU-1", long seq = 1)
    {
        var quote = Order(id, customer, lines, sku: sku, seq: seq);
        quote["kind"] = "quote";
        quote["body"]!["validUntil"] = "2026-04-03";
        return quote;
    }

    /// <summary>Money received from a customer, for one order or on account.</summary>
    public static JsonObject Receipt(Guid? id = null, Guid? customer = null, Guid? order = null, decimal amount = 10.80m, string method = "cash", long seq = 1) => Record("receipt", id, 1, seq, new JsonObject
    {
        ["reference"] = "P-1",
        ["customer"] = customer is null ? null : new JsonObject { ["id"] = customer },
        ["currency"] = "USD",
        ["amount"] = amount,
        ["method"] = method,
        ["allocations"] = order is null ? new JsonArray() : new JsonArray(new JsonObject { ["order"] = order, ["amount"] = amount }),
    });

    /// <summary>A finished sale, paid in cash unless tenders say otherwise.</summary>
    public static JsonObject Sale(Guid? id = null, Guid? customer = null, int lines = 1, string sku = "SKU-1", long seq = 1, params (string Method, decimal Amount)[] tenders)
    {
        var sale = Order(id, customer, lines, sku: sku, seq: seq);
        (sale["kind"], sale["schema"]) = ("sale", 1);
        if (tenders.Length == 0)
            tenders = [("cash", sale["body"]!["totals"]!["total"]!.GetValue<decimal>())];
        sale["body"]!["tenders"] = new JsonArray([.. tenders.Select(tender => (JsonNode)new JsonObject { ["method"] = tender.Method, ["amount"] = tender.Amount })]);
        return sale;
    }

    /// <summary>Somebody who may become a customer, with a position and photos to come.</summary>
    public static JsonObject Lead(Guid? id = null, string name = "Kiosk am Ring", long seq = 1) => Record("lead", id, 1, seq, new JsonObject
    {
        ["name"] = name,
        ["email"] = "kiosk@leads.example",
        ["source"] = "walkIn",
        ["position"] = new JsonObject { ["latitude"] = 52.5200066m, ["longitude"] = 13.404954m, ["accuracy"] = 8 },
        ["attachmentsExpected"] = 2,
    });

    /// <summary>Something a rep has done; <paramref name="part"/> is what its type needs, as name and JSON.</summary>
    public static JsonObject Activity(string type, Guid? id = null, (string Name, string Json)? part = null, long seq = 1, string capturedAt = "2026-03-03T10:15:00+01:00")
    {
        var activity = Record("activity", id, 1, seq, new JsonObject { ["type"] = type });
        activity["capturedAt"] = capturedAt;
        if (part is { } given)
            activity["body"]![given.Name] = JsonNode.Parse(given.Json);
        return activity;
    }

    /// <summary>A customer captured on a device.</summary>
    public static JsonObject Customer(Guid? id = null, string name = "Ana Müller", string? email = null, long seq = 1) => Record("customer", id, 1, seq, new JsonObject
    {
        ["name"] = name,
        ["email"] = email ?? $"{id ?? Guid.NewGuid():N}@customers.example",
        ["billing"] = new JsonObject { ["line1"] = "Main Street 1", ["city"] = "Springfield", ["country"] = "US" },
    });

    /// <summary>A JSON array of records, as a push body.</summary>
    public static byte[] Push(params IEnumerable<JsonObject> records) => JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. records.Select(record => record.DeepClone())]), ContractJson.Options);

    // Devices write the newest schema; of orders and quotes that is the second.
    private static JsonObject Record(string kind, Guid? id, int rev, long seq, JsonObject body) => new()
    {
        ["kind"] = kind, ["id"] = id ?? Guid.CreateVersion7(), ["rev"] = rev, ["schema"] = kind == "order" ? 2 : 1, ["seq"] = seq, ["capturedAt"] = "2026-03-03T10:15:00+01:00", ["body"] = body,
    };
}
